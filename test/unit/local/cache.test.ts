import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cached, cacheFolder } from "../../../local/parts/cache";
import { withLock } from "../../../local/parts/lock";
import { withEnvironment, withTemporaryFolder } from "./temporaryFolder";

function inCache(work: (parent: string) => Promise<void>): Promise<void> {
  return withTemporaryFolder((folder) =>
    withEnvironment({ XDG_CACHE_HOME: folder }, () => work(join(folder, "secrets-platform", "parts"))),
  );
}

/** Another process that takes a lock, says so, and keeps it until it ends. */
async function otherHolder(lock: string): Promise<ChildProcessWithoutNullStreams> {
  const program = `
    const { withLock } = require(${JSON.stringify(join(__dirname, "../../../local/parts/lock"))});
    withLock(${JSON.stringify(lock)}, () => new Promise(() => { console.log("held"); setInterval(() => 0, 1000); }));`;
  const child = spawn(process.execPath, ["--require", "ts-node/register/transpile-only", "-e", program], {
    cwd: join(__dirname, "../../.."),
  });
  await once(child.stdout, "data");
  return child;
}

describe("the cache", () => {
  it("makes an entry once, and takes it as it is from then on", async () => {
    await inCache(async () => {
      let made = 0;
      const make = async (folder: string): Promise<void> => {
        made += 1;
        await writeFile(join(folder, "file"), "content");
      };
      const results = await Promise.all([cached("parts", "part-1", make), cached("parts", "part-1", make)]);
      const again = await cached("parts", "part-1", make);
      assert.equal(made, 1);
      assert.deepEqual(results.map((result) => result.made).sort(), [false, true]);
      assert.equal(again.made, false);
      assert.equal(await readFile(join(again.folder, "file"), "utf8"), "content");
    });
  });

  it("keeps nothing of an entry that could not be made", async () => {
    await inCache(async (parent) => {
      const attempt = cached("parts", "part-1", async (folder) => {
        await writeFile(join(folder, "half"), "");
        throw new Error("no disk");
      });
      await assert.rejects(attempt, /no disk/);
      assert.deepEqual(await readdir(parent), [".part-1.lock"]);
    });
  });

  it("removes what a run that was killed has left half made", async () => {
    await inCache(async (parent) => {
      await mkdir(join(parent, ".part-1.killed"), { recursive: true });
      await mkdir(join(parent, ".part-10.busy"));
      await cached("parts", "part-1", () => Promise.resolve());
      assert.deepEqual((await readdir(parent)).sort(), [".part-1.lock", ".part-10.busy", "part-1"]);
    });
  });

  it("lies in ~/.cache unless told otherwise", async () => {
    await withEnvironment({ XDG_CACHE_HOME: undefined, HOME: "/home/someone" }, async () => {
      assert.equal(cacheFolder(), "/home/someone/.cache/secrets-platform");
      await Promise.resolve();
    });
  });
});

describe("a lock", () => {
  it("is waited for while another process holds it, and free once that one is killed", async () => {
    await withTemporaryFolder(async (folder) => {
      const lock = join(folder, "lock");
      const holder = await otherHolder(lock);
      let taken = false;
      const waiting = withLock(lock, () => {
        taken = true;
        return Promise.resolve();
      });
      try {
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.equal(taken, false, "two processes hold the lock");
      } finally {
        holder.kill("SIGKILL");
      }
      await waiting;
      assert.equal(taken, true);
    });
  });

  it("gives back what the work gives, and passes on its failure", async () => {
    await withTemporaryFolder(async (folder) => {
      const lock = join(folder, "lock");
      assert.equal(await withLock(lock, () => Promise.resolve(7)), 7);
      await assert.rejects(
        withLock(lock, () => Promise.reject(new Error("work failed"))),
        /work failed/,
      );
    });
  });

  it("says when it cannot be taken", async () => {
    await withTemporaryFolder(async (folder) => {
      await assert.rejects(
        withLock(join(folder, "missing", "lock"), () => Promise.resolve()),
        /could not be taken/,
      );
    });
  });
});
