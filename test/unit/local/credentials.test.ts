import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { credentialFile, credentialsOf, KUBERNETES_USERS } from "../../../local/node/credentials";
import { instanceNamed, type Instance } from "../../../local/node/instance";
import { withEnvironment, withTemporaryFolder } from "./temporaryFolder";

function withInstance(work: (instance: Instance) => Promise<void>): Promise<void> {
  return withTemporaryFolder((folder) =>
    withEnvironment({ XDG_STATE_HOME: folder }, () => work(instanceNamed("unit"))),
  );
}

describe("credentials of an instance", () => {
  it("are made once, at random, for their owner only", async () => {
    await withInstance(async (instance) => {
      const made = await credentialsOf(instance);
      assert.deepEqual(await credentialsOf(instance), made);
      const values = [...Object.values(made.kubernetes), made.openbao, made.doppler, made.passphrase];
      assert.equal(new Set(values).size, KUBERNETES_USERS.length + 3);
      const { mode } = await stat(join(instance.configuration, "credentials.json"));
      assert.equal(mode & 0o777, 0o600);
      assert.equal(await readFile(credentialFile(instance, "openbao"), "utf8"), made.openbao);
    });
  });

  it("stay as they are when a newer checkout has a user more, which gets one of its own", async () => {
    await withInstance(async (instance) => {
      const { kubernetes, ...others } = await credentialsOf(instance);
      const { coredns, ...before } = kubernetes;
      const file = join(instance.configuration, "credentials.json");
      await writeFile(file, JSON.stringify({ kubernetes: before, ...others }));
      const after = await credentialsOf(instance);
      assert.deepEqual(after, { kubernetes: { ...before, coredns: after.kubernetes.coredns }, ...others });
      assert.match(after.kubernetes.coredns, /^[0-9a-f]{42}$/);
      assert.notEqual(after.kubernetes.coredns, coredns);
      assert.equal(await readFile(credentialFile(instance, "passphrase"), "utf8"), others.passphrase);
    });
  });
});
