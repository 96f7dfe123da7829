import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { join } from "node:path";
import type { WriteStream } from "node:tty";
import { StreamProgress } from "../../../local/commands/progress";
import { withTemporaryFolder } from "./temporaryFolder";

/** What steps show on a stream that is no terminal. */
function shown(work: (progress: StreamProgress) => Promise<unknown>): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const file = join(folder, "output");
    const stream = createWriteStream(file);
    await work(new StreamProgress(stream as unknown as WriteStream));
    stream.end();
    await once(stream, "finish");
    return readFile(file, "utf8");
  });
}

describe("progress", () => {
  it("is a plain line a step, with its time and outcome", async () => {
    const text = await shown((progress) =>
      progress.step(
        "build",
        () => Promise.resolve(3),
        (count) => `${count} files`,
      ),
    );
    assert.match(text, /^✓ +0\.\d s {2}build: 3 files\n$/);
  });

  it("is no line for a step that is not worth one", async () => {
    const text = await shown((progress) =>
      progress.step(
        "look",
        () => Promise.resolve(),
        () => undefined,
      ),
    );
    assert.equal(text, "");
  });

  it("marks a step that failed, and passes its error on", async () => {
    const text = await shown((progress) =>
      assert.rejects(
        progress.step("build", () => Promise.reject(new Error("no compiler"))),
        /no compiler/,
      ),
    );
    assert.match(text, /^✗ +0\.\d s {2}build\n$/);
  });
});
