import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { CANARIES, goldenFile, recordStack, stacks } from "./stackResources";

/** Writes the files instead of comparing: UPDATE_GOLDEN=1 npm run test:golden */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

describe("the resources of every stack", () => {
  it("covers dev, staging and prd", () => {
    assert.deepEqual(stacks(), ["dev", "prd", "staging"]);
  });

  for (const stack of stacks()) {
    it(`${stack}: are those of its golden file`, async () => {
      const text = `${JSON.stringify(await recordStack(stack), null, 2)}\n`;
      for (const canary of CANARIES.flatMap((value) => [value, Buffer.from(value).toString("base64")])) {
        assert.ok(!text.includes(canary), "a secret is among the recorded properties in plain text");
      }
      if (UPDATE) writeFileSync(goldenFile(stack), text);
      assert.ok(
        existsSync(goldenFile(stack)),
        "there is no golden file: UPDATE_GOLDEN=1 npm run test:golden",
      );
      assert.equal(text, readFileSync(goldenFile(stack), "utf8"));
    });
  }
});
