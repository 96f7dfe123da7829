import { strict as assert } from "node:assert";
import { alternatives, describe as describeValue } from "../../../config/description";

describe("descriptions", () => {
  it("name values that are no texts by their kind", () => {
    for (const [value, description] of [
      [undefined, "nothing"],
      [null, "no value"],
      ["", "an empty text"],
      [3, "the number 3"],
      [true, "true"],
      [[], "an empty list"],
      [[1], "a list"],
      [{}, "an empty map"],
      [{ a: 1 }, "a map"],
      ["x".repeat(61), "a text of 61 characters"],
    ] as const) {
      assert.equal(describeValue(value), description);
    }
  });

  it("join alternatives", () => {
    assert.equal(alternatives([]), "");
    assert.equal(alternatives(["a"]), "a");
    assert.equal(alternatives(["a", "b", "c"]), "a, b or c");
  });
});
