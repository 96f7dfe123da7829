import assert from "node:assert/strict";

import { VaultClient, VaultError, VaultUnreachable } from "../../../clients/vault";
import { DevVault, freePort } from "../../support/devVault";
import { startFront } from "./front";
import { rejectionOf } from "./rejectionOf";

const OWNER = "organization/secrets-platform/dev";
const MADE_UP = { username: "made-up-name", password: "made-up-canary" };
const ENABLED = { type: "kubernetes", description: "a description" };

describe("VaultClient", () => {
  let vault: DevVault;
  let client: VaultClient;

  before(async () => {
    vault = await DevVault.start();
    client = new VaultClient(vault.access);
  });

  after(async () => {
    await vault.stop();
  });

  describe("mounts, auth methods and policies", () => {
    it("are listed without slashes, with what they were enabled with", async () => {
      const mounts = await client.mounts("secret");
      assert.equal(mounts.get("secret")?.type, "kv");
      assert.deepEqual(mounts.get("secret")?.options, { version: "2" });
      await client.enableMount("secret", "team/kv", {
        type: "kv",
        description: "",
        options: { version: "2" },
      });
      assert.deepEqual((await client.mounts("secret")).get("team/kv")?.options, { version: "2" });
      await client.enableMount("auth", "methods/listed", ENABLED);
      assert.deepEqual((await client.mounts("auth")).get("methods/listed"), { ...ENABLED, options: {} });
      assert.equal((await client.mounts("secret")).has("methods/listed"), false);
    });

    it("are not enabled over what is there", async () => {
      await client.enableMount("auth", "twice", ENABLED);
      const error = await rejectionOf(client.enableMount("auth", "twice", ENABLED));
      assert.ok(error instanceof VaultError);
      assert.equal(error.status, 400);
      assert.match(error.message, /path is already in use at twice\//);
    });

    it("are removed with what is in them, and removed again without harm", async () => {
      await client.enableMount("secret", "gone", { type: "kv", description: "", options: { version: "2" } });
      await client.writeIfAbsent("gone", "a", { key: "value" });
      await client.disableMount("secret", "gone");
      assert.equal((await client.mounts("secret")).has("gone"), false);
      await client.disableMount("secret", "gone");
      assert.equal(await client.kvMetadata("gone", "a"), undefined);
    });

    it("tell for which API server they were configured, if for any", async () => {
      assert.equal(await client.kubernetesAuthHost("nowhere"), undefined);
      await client.enableMount("auth", "cluster", ENABLED);
      assert.equal(await client.kubernetesAuthHost("cluster"), undefined);
      await vault.call("POST", "auth/cluster/config", {
        kubernetes_host: "https://10.0.0.1:6443",
        kubernetes_ca_cert: "certificate",
      });
      assert.equal(await client.kubernetesAuthHost("cluster"), "https://10.0.0.1:6443");
    });

    it("gives the text of a policy as it was written, and the names of all", async () => {
      const policy = 'path "secret/data/a" {\n  capabilities = ["read"]\n}\n';
      await vault.call("PUT", "sys/policies/acl/dev-shop", { policy });
      assert.equal(await client.policy("dev-shop"), policy);
      assert.equal(await client.policy("dev-other"), undefined);
      assert.deepEqual((await client.policies()).sort(), ["default", "dev-shop", "root"]);
    });
  });

  describe("kvMetadata and kvDestroyAll", () => {
    it("know what was never written, what was, and what was destroyed", async () => {
      assert.equal(await client.kvMetadata("secret", "kv/some"), undefined);
      await vault.call("POST", "secret/data/kv/some", { data: { key: "one" } });
      await vault.call("POST", "secret/data/kv/some", { data: { key: "two" } });
      await vault.call("POST", "secret/metadata/kv/some", { custom_metadata: { team: "shop" } });
      const metadata = await client.kvMetadata("secret", "kv/some");
      assert.equal(metadata?.currentVersion, 2);
      assert.deepEqual(metadata.customMetadata, { team: "shop" });
      assert.ok(Math.abs(Date.now() - Date.parse(metadata.createdTime)) < 60_000);
      await client.kvDestroyAll("secret", "kv/some");
      assert.equal(await client.kvMetadata("secret", "kv/some"), undefined);
      await client.kvDestroyAll("secret", "kv/some");
    });

    it("keep the number of versions when the newest one was deleted", async () => {
      await vault.call("POST", "secret/data/kv/deleted", { data: { key: "one" } });
      await vault.call("DELETE", "secret/data/kv/deleted");
      assert.equal((await client.kvMetadata("secret", "kv/deleted"))?.currentVersion, 1);
      assert.equal(await client.writeIfAbsent("secret", "kv/deleted", MADE_UP), false);
    });
  });

  it("tries again what passes", async () => {
    const front = await startFront(vault.address);
    try {
      const flaky = new VaultClient({ ...vault.access, address: front.address });
      front.faults.push({ status: 429 });
      assert.ok((await flaky.policies()).includes("default"));
      front.faults.push("loses-request");
      assert.ok((await flaky.mounts("secret")).has("secret"));
      assert.equal(front.faults.length, 0);
    } finally {
      front.stop();
    }
  });

  describe("health", () => {
    it("is that of a server that is ready, with or without a token", async () => {
      assert.deepEqual(await client.health(), { initialized: true, sealed: false });
      const anonymous = new VaultClient({ address: vault.address });
      assert.deepEqual(await anonymous.health(), { initialized: true, sealed: false });
    });

    it("tells that nothing listens, or that something else does", async () => {
      const nobody = new VaultClient({ address: `http://127.0.0.1:${await freePort()}` });
      const refused = await rejectionOf(nobody.health());
      assert.ok(refused instanceof VaultUnreachable);
      assert.match(refused.message, /^it cannot be reached: connect ECONNREFUSED/);

      const front = await startFront(vault.address);
      try {
        const other = new VaultClient({ address: front.address });
        for (const body of ["<html>Welcome</html>", '{"errors":{"a":"b"}}', "null", "[]"]) {
          front.faults.push({ status: 200, body });
          const error = await rejectionOf(other.health());
          assert.ok(error instanceof VaultUnreachable);
          assert.equal(error.message, "what answers there is no Vault (HTTP 200)");
        }
      } finally {
        front.stop();
      }
    });

    it("tells that it is sealed, and calls end after a few tries", async () => {
      const sealed = await DevVault.start();
      try {
        await sealed.call("PUT", "sys/seal");
        const before = new VaultClient(sealed.access);
        assert.deepEqual(await before.health(), { initialized: true, sealed: true });
        const nobody = new VaultClient({ ...vault.access, address: `http://127.0.0.1:${await freePort()}` });
        const start = performance.now();
        const [error, refused] = await Promise.all([
          rejectionOf(before.mounts("secret")),
          rejectionOf(nobody.mounts("secret")),
        ]);
        assert.ok(performance.now() - start < 8000);
        assert.ok(error instanceof VaultError);
        assert.equal(error.status, 503);
        assert.match(error.message, /sealed/);
        assert.ok(refused instanceof VaultUnreachable);
      } finally {
        await sealed.stop();
      }
    });
  });

  describe("errors", () => {
    it("are those of a wrong token, which nothing repeats, nor any value", async () => {
      const token = "wrong-token-canary";
      const wrong = new VaultClient({ address: vault.address, token });
      const calls = [
        wrong.mounts("secret"),
        wrong.policies(),
        wrong.policy("dev-shop"),
        wrong.enableMount("auth", "denied", ENABLED),
        wrong.disableMount("secret", "secret"),
        wrong.kubernetesAuthHost("cluster"),
        wrong.kvMetadata("secret", "a"),
        wrong.writePlaceholders("secret", "a", MADE_UP, OWNER, () => true),
        wrong.writeIfAbsent("secret", "a", MADE_UP),
        wrong.kvDestroyAll("secret", "a"),
      ];
      for (const error of await Promise.all(calls.map(rejectionOf))) {
        assert.ok(error instanceof VaultError);
        assert.equal(error.status, 403);
        assert.match(error.message, /permission denied/);
        assert.doesNotMatch(String(error.stack), /canary/);
      }
      assert.equal(await client.kvMetadata("secret", "a"), undefined);
    });

    it("repeat neither a ServiceAccount's token nor one that cannot be sent", async () => {
      const jwt = "header.canary.signature";
      await client.enableMount("auth", "login", ENABLED);
      const denied = await rejectionOf(client.kubernetesLogin("login", "nobody", jwt));
      assert.ok(denied instanceof VaultError);
      assert.match(denied.message, /invalid role name "nobody"/);
      const broken = new VaultClient({ address: vault.address, token: "a\ncanary" });
      for (const error of [denied, await rejectionOf(broken.policies())]) {
        assert.doesNotMatch(String(error.stack), /canary/);
      }
    });
  });
});

describe("VaultClient over HTTPS", () => {
  let vault: DevVault;

  before(async () => {
    vault = await DevVault.start({ tls: true });
  });

  after(async () => {
    await vault.stop();
  });

  it("trusts the authority that it is given, and no other", async () => {
    const client = new VaultClient(vault.access);
    assert.deepEqual(await client.health(), { initialized: true, sealed: false });
    assert.ok((await client.mounts("secret")).has("secret"));
    const { address, token } = vault;
    const error = await rejectionOf(new VaultClient({ address, token }).health());
    assert.ok(error instanceof VaultUnreachable);
    assert.match(error.message, /certificate/);
  });

  it("tells that it speaks no plain HTTP", async () => {
    const client = new VaultClient({ address: vault.address.replace("https:", "http:") });
    const error = await rejectionOf(client.health());
    assert.ok(error instanceof VaultUnreachable);
    assert.match(error.message, /no Vault \(HTTP 400\)/);
  });
});
