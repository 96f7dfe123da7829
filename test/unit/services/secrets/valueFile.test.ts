import assert from "node:assert/strict";
import fc from "fast-check";
import { StoredValue } from "../../../../services/secrets/stores/store";
import { parseValues } from "../../../../services/secrets/stores/valueFile";

describe("parseValues", () => {
  it("reads .env files", () => {
    const text = `\uFEFF# a comment\r\n\nA=plain # not a part\nexport B = "two\\nlines \\"and\\" # all"\nC='as $it \\n is'\nD=\nE=a=b#c`;
    assert.deepEqual(
      [...parseValues(text, "f")],
      [
        ["A", "plain"],
        ["B", 'two\nlines "and" # all'],
        ["C", "as $it \\n is"],
        ["D", ""],
        ["E", "a=b#c"],
      ],
    );
  });

  it("reads whatever JSON can say", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        assert.equal(parseValues(JSON.stringify({ KEY: value }), "f").get("KEY"), value);
      }),
    );
  });

  it("has no key of a map's own", () => {
    assert.equal(parseValues('{"__proto__": "v", "A": "v"}', "f").get("constructor"), undefined);
  });

  for (const [what, text] of [
    ["half of a JSON", '{"A": "canary'],
    ["nothing", " \n"],
    ["an empty map", "{}"],
    ["no texts", '{"A": 5, "B": {"C": "canary"}}'],
    ["a key twice", "A=canary\nA=canary"],
    ["a name that is a path", '{"../canary": "x"}'],
    ["a quote without its end", 'A="canary'],
    ["a line without a name", "=canary"],
  ] as const) {
    it(`refuses ${what}, and shows nothing of it`, () => {
      assert.throws(
        () => parseValues(text, "file"),
        ({ message }: Error) =>
          /^\d mistakes? in the file of values/.test(message) && !message.includes("canary"),
      );
    });
  }
});

describe("StoredValue", () => {
  it("is ASCII that reads as the value, and knows its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const { body, headers } = new StoredValue(value);
        assert.deepEqual(JSON.parse(body), { value });
        assert.match(body, /^[\x20-\x7e]*$/);
        assert.equal(headers[headers.indexOf("content-length") + 1], String(Buffer.byteLength(body)));
      }),
    );
  });
});
