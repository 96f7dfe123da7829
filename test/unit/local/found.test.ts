import assert from "node:assert/strict";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { namedByEnvironment, onThisMachine } from "../../../local/parts/found";
import type { Part } from "../../../local/parts/part";
import { atLeast } from "../../../local/parts/version";
import { withEnvironment, withTemporaryFolder } from "./temporaryFolder";

const PART: Part = {
  name: "etcd",
  version: "3.6.14",
  executables: ["etcd"],
  question: { arguments: ["--version"], pattern: /Version: (\S+)/, accepts: atLeast("3.6.14") },
  recipe: { kind: "go", packages: ["example.com/etcd"] },
};

const SEVERAL: Part = { ...PART, name: "kubernetes", executables: ["kubelet", "kube-proxy"] };

/** An executable that says a version. */
async function program(folder: string, name: string, version: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\necho "Version: ${version}"\n`);
  await chmod(file, 0o755);
  return file;
}

describe("a part on PATH", () => {
  it("is the first whose version is good enough", async () => {
    await withTemporaryFolder(async (folder) => {
      const folders = ["old", "other", "good", "newer"].map((name) => join(folder, name));
      const [old = "", other = "", good = "", newer = ""] = folders;
      await program(old, "etcd", "3.5.0");
      await program(other, "etcd", "4.0.0");
      const wanted = await program(good, "etcd", "3.6.15");
      await program(newer, "etcd", "3.7.0");
      await withEnvironment({ PATH: [...folders, process.env.PATH].join(":") }, async () => {
        assert.deepEqual(await onThisMachine(PART), { path: wanted, version: "3.6.15" });
      });
    });
  });

  it("is not taken when it does not say its version", async () => {
    await withTemporaryFolder(async (folder) => {
      await program(folder, "etcd", "");
      await withEnvironment({ PATH: `${folder}:/usr/bin:/bin` }, async () => {
        assert.equal(await onThisMachine(PART), undefined);
      });
    });
  });

  it("is a folder when it has several executables, and needs all of them", async () => {
    await withTemporaryFolder(async (folder) => {
      const [half, whole] = [join(folder, "half"), join(folder, "whole")];
      await program(half, "kubelet", "3.6.14");
      await program(whole, "kubelet", "3.6.14");
      await program(whole, "kube-proxy", "3.6.14");
      await withEnvironment({ PATH: `${half}:${whole}:/usr/bin:/bin` }, async () => {
        assert.deepEqual(await onThisMachine(SEVERAL), { path: whole, version: "3.6.14" });
      });
    });
  });

  it("is never one of the platform's own commands for people", async () => {
    await withTemporaryFolder(async (folder) => {
      const commands = join(folder, "secrets-platform", "instance", "bin");
      await program(commands, "etcd", "3.6.14");
      await withEnvironment({ XDG_STATE_HOME: folder, PATH: `${commands}:/usr/bin:/bin` }, async () => {
        assert.equal(await onThisMachine(PART), undefined);
      });
    });
  });
});

describe("a part that the environment names", () => {
  it("is taken whatever its version", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = await program(folder, "my-etcd", "2.0.0");
      await withEnvironment({ SECRETS_PLATFORM_ETCD: file }, async () => {
        assert.deepEqual(await namedByEnvironment(PART), { path: file, version: "2.0.0" });
      });
    });
  });

  it("must be there", async () => {
    await withEnvironment({ SECRETS_PLATFORM_ETCD: "/nowhere/etcd" }, async () => {
      await assert.rejects(
        namedByEnvironment(PART),
        /SECRETS_PLATFORM_ETCD is \/nowhere\/etcd, which is not an executable file/,
      );
    });
  });

  it("must hold every executable when it is a folder", async () => {
    await withTemporaryFolder(async (folder) => {
      await program(folder, "kubelet", "3.6.14");
      await withEnvironment({ SECRETS_PLATFORM_KUBERNETES: folder }, async () => {
        await assert.rejects(namedByEnvironment(SEVERAL), /not a folder that holds kubelet, kube-proxy/);
      });
    });
  });

  it("is not asked for when the variable is empty", async () => {
    await withEnvironment({ SECRETS_PLATFORM_ETCD: "" }, async () => {
      assert.equal(await namedByEnvironment(PART), undefined);
    });
  });
});
