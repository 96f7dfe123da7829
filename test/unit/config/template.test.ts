import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { fillTemplate, parseTemplate, templateVariables } from "../../../config/template";

const VALUES: Record<string, string> = { HOST: "db.example", _p1: "$HOST ${HOST} $$", EMPTY: "" };

describe("a template", () => {
  for (const [template, filled] of [
    ["plain", "plain"],
    ["", ""],
    ["${HOST}", "db.example"],
    ["https://${HOST}:${HOST}/", "https://db.example:db.example/"],
    ["$$", "$"],
    ["$${HOST}", "${HOST}"],
    ["$$${HOST}", "$db.example"],
    ["$$$${HOST}", "$${HOST}"],
    ["$HOST costs $5, $", "$HOST costs $5, $"],
    ["a${EMPTY}b", "ab"],
    ["${_p1}", "$HOST ${HOST} $$"],
    ["{HOST} $ {HOST} $(HOST)", "{HOST} $ {HOST} $(HOST)"],
  ] as const) {
    it(`${template} is ${filled}`, () => {
      assert.equal(
        fillTemplate(template, (name) => VALUES[name]),
        filled,
      );
      assert.equal(parseTemplate(template).isWrong, false);
    });
  }

  for (const template of ["${", "${}", "${1}", "${A B}", "${A:-b}", "${A", "x${A}${B!}"]) {
    it(`${template} is wrong`, () => {
      assert.equal(parseTemplate(template).isWrong, true);
    });
  }

  it("without a value for one variable is not filled in", () => {
    assert.equal(
      fillTemplate("${HOST} ${OTHER}", (name) => VALUES[name]),
      undefined,
    );
  });

  it("names each variable once", () => {
    assert.deepEqual(templateVariables("${B} ${A} ${B} $${C} $D"), ["B", "A"]);
  });

  it("keeps every text whose dollars are doubled", () => {
    const texts = fc.string({ unit: fc.constantFrom("$", "{", "}", "A", "é", "\n") });
    fc.assert(
      fc.property(texts, (text) => {
        const template = text.replaceAll("$", "$$$$");
        assert.deepEqual(templateVariables(template), []);
        assert.equal(
          fillTemplate(template, () => "never"),
          text,
        );
      }),
    );
  });
});
