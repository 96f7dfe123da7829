import { strict as assert } from "node:assert";
import { assertProblems, load, problemsOf } from "./project";
import { HEAD, config, refuses } from "./tables";

describe("YAML", () => {
  refuses("a file", [
    ["that is empty", "", ["1:1", "", "an empty file", "an application: `name`, `namespace`"]],
    ["with a comment only", "# to do\n", ["1:1", "", "an empty file", "an application: `name`, `namespace`"]],
    ["with a text", "shop\n", ["1:1", "", '"shop"', "a map with name, namespace"]],
    [
      "with two applications",
      `${HEAD}config: { A: b }\n---\nname: other\n`,
      ["4:1", "", "a second document (`---`)", "one application in a file"],
    ],
    ["with a tab", "name: shop\nconfig:\n\tA: b\n", ["3:1", "", "a tab as indentation", "spaces"]],
    [
      "with the same key twice",
      `${HEAD}config:\n  A: b\n  A: c\n`,
      ["5:3", "config.A", "the same key a second time", "its first value is in line 4"],
    ],
    [
      "with keys that are no texts",
      config("3000: a", "true: b", "? [c]", ": d", "E: f"),
      ["4:3", "config", "the key 3000, which is no text", "in quotes"],
      ["5:3", "config", "the key true, which is no text", "in quotes"],
      ["6:5", "config", "a key that is no text", "a name as key"],
    ],
    [
      "with the key __proto__",
      config("A: b", "__proto__: c"),
      ["5:3", "config", "the key __proto__", "another name"],
    ],
    [
      "with an alias without an anchor",
      config("A: *nowhere"),
      ["4:6", "config.A", "an alias without an anchor", "an anchor (`&name`)"],
    ],
    [
      "with an alias to itself",
      `${HEAD}config: &all { A: *all }\n`,
      ["3:19", "config.A", "an alias to a value that it is part of", "the value itself"],
    ],
    [
      "with a tag",
      config("A: !vault secret"),
      ["4:6", "", "an unknown YAML tag", "the value without the tag"],
    ],
    [
      "with a binary value",
      config("A: !!binary aGVsbG8="),
      ["4:15", "config.A", "a value with a YAML tag", "as plain text"],
    ],
    [
      "with a quote that is not closed",
      config('A: "b'),
      ["5:1", "", "something that is not closed or has no `:`", "the missing quote"],
    ],
  ]);

  it("refuses deep nesting, and aliases that multiply, in bounded time", () => {
    const deep = problemsOf(() => load({ "deep.yaml": "[".repeat(5_000) }));
    assert.equal(deep[0]?.found, "lists or maps nested too deep to be read");
    const levels = Array.from({ length: 12 }, (_, level) => {
      const items = level === 0 ? "x" : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array(10).fill(items).join(", ")}]`;
    });
    const multiplied = problemsOf(() => load({ "aliases.yaml": levels.join("\n") }));
    assert.ok(multiplied.some(({ found }) => found === "more than 100000 values, repeated by aliases"));
  });

  it("refuses a file that is too large or no text", () => {
    const large = problemsOf(() => load({ "large.yaml": `# ${"x".repeat(2 * 1024 * 1024)}` }));
    assertProblems(large, "apps/large.yaml", [["", "", "a file of more than 2 MiB", "a smaller file"]]);
    const binary = problemsOf(() => load({ "binary.yml": new Uint8Array([0xff, 0xfe, 0x00]) }));
    assertProblems(binary, "apps/binary.yml", [
      ["", "", "a file that cannot be read (ERR_ENCODING_INVALID_ENCODED_DATA)", "text in UTF-8"],
    ]);
  });
});
