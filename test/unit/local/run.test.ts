import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { lastLines, run, runOrThrow } from "../../../local/process/run";
import { withTemporaryFolder } from "./temporaryFolder";

describe("running a command", () => {
  it("gives its output and exit code, and takes input", async () => {
    const result = await run("sh", ["-c", "cat; echo problem >&2; exit 3"], { input: "given" });
    assert.deepEqual(result, { stdout: "given", stderr: "problem\n", code: 3 });
  });

  it("keeps its output in a log that only its owner can read", async () => {
    await withTemporaryFolder(async (folder) => {
      const log = join(folder, "log");
      await run("sh", ["-c", "echo out; echo err >&2"], { log });
      assert.equal(await readFile(log, "utf8"), "out\nerr\n");
      assert.equal((await stat(log)).mode & 0o777, 0o600);
    });
  });

  it("ends it when its time is over, also when its children hold on to its output", async () => {
    const start = performance.now();
    const { code } = await run("sh", ["-c", "sleep 5; true"], { timeout: 200 });
    assert.equal(code, 137);
    assert.ok(performance.now() - start < 4_000);
  });

  it("fails with the end of what the command said", async () => {
    await assert.rejects(
      runOrThrow("sh", ["-c", "echo first >&2; echo reason >&2; exit 1"]),
      /failed with exit code 1: first\nreason/,
    );
  });

  it("fails when there is no such command", async () => {
    await assert.rejects(run("/nowhere/command", []), /ENOENT/);
  });

  it("shows the last lines that say something", () => {
    assert.equal(lastLines("one\n\ntwo\n \nthree\n", 2), "two\nthree");
  });
});
