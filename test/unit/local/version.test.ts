import assert from "node:assert/strict";
import { atLeast, sameMinor } from "../../../local/parts/version";

describe("versions", () => {
  for (const [found, accepted] of [
    ["3.256.0", true],
    ["3.256.10", true],
    ["3.300.0", true],
    ["3.99.9", false],
    ["3.255.9", false],
    ["4.0.0", false],
    ["2.999.0", false],
  ] as const) {
    it(`at least 3.256.0 ${accepted ? "accepts" : "refuses"} ${found}`, () => {
      assert.equal(atLeast("3.256.0")(found), accepted);
    });
  }

  for (const [found, accepted] of [
    ["1.36.4", true],
    ["1.36.5", true],
    ["1.36.3", false],
    ["1.37.0", false],
  ] as const) {
    it(`the minor version of 1.36.4 ${accepted ? "accepts" : "refuses"} ${found}`, () => {
      assert.equal(sameMinor("1.36.4")(found), accepted);
    });
  }
});
