import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { placeFile, placeLink, placeScript } from "../../../local/engine/placement";

describe("placement of the engine's files", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "placement-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** What tells a file that was written again from one that was left alone. */
  function identity(path: string): string {
    const { ino, ctimeMs } = lstatSync(path);
    return `${ino} ${ctimeMs}`;
  }

  it("writes an executable script, and only when its content differs", async () => {
    const path = join(folder, "a", "script");
    await placeScript(path, "#!/bin/sh\necho one\n");
    assert.equal(execFileSync(path, { encoding: "utf8" }), "one\n");
    const before = identity(path);
    await placeScript(path, "#!/bin/sh\necho one\n");
    assert.equal(identity(path), before);
    await placeScript(path, "#!/bin/sh\necho two\n");
    assert.equal(execFileSync(path, { encoding: "utf8" }), "two\n");
    assert.deepEqual(readdirSync(join(folder, "a")), ["script"]);
  });

  it("links, replaces what was there, and leaves a right link alone", async () => {
    const path = join(folder, "link");
    writeFileSync(path, "in the way");
    await placeLink(path, "/bin/sh");
    assert.equal(readlinkSync(path), "/bin/sh");
    const before = identity(path);
    await placeLink(path, "/bin/sh");
    assert.equal(identity(path), before);
  });

  it("places the file itself, and again when the original has changed", async () => {
    const original = join(folder, "original");
    const path = join(folder, "bin", "file");
    writeFileSync(original, "#!/bin/sh\necho one\n", { mode: 0o755 });
    await placeFile(path, original);
    assert.equal(lstatSync(path).isSymbolicLink(), false);
    assert.equal(execFileSync(path, { encoding: "utf8" }), "one\n");
    const before = identity(path);
    await placeFile(path, original);
    assert.equal(identity(path), before);
    rmSync(original);
    writeFileSync(original, "#!/bin/sh\necho changed\n", { mode: 0o755 });
    await placeFile(path, original);
    assert.equal(execFileSync(path, { encoding: "utf8" }), "changed\n");
  });
});
