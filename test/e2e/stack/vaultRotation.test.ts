import assert from "node:assert/strict";
import { Embedded } from "../support/embedded";
import { serviceAccountToken, vaultLogin } from "../support/serviceAccounts";
import { ServingWorkloads } from "../support/servingWorkloads";
import { ledger } from "../support/vaultApplications";
import { VaultCluster } from "../support/vaultCluster";

/** How many applications there are beside each other. */
const APPLICATIONS = 10;

/** Many applications on one Vault: what changes reaches its pods, and each reads its own and nothing else. */
describe("applications beside each other on one Vault", function () {
  this.timeout(600_000);
  this.bail(true);

  let cluster: VaultCluster;
  let embedded: Embedded;
  const names = Array.from({ length: APPLICATIONS }, (_, index) => `app-${index}`);

  before(async () => {
    cluster = await VaultCluster.make("rotation", 8310);
    ({ embedded } = cluster);
    await cluster.startVault();
    await cluster.vault.mountSecrets();
    await cluster.vault.put("ledger/credentials", { username: "one", password: "first" });
    for (const name of names)
      await cluster.vault.put(`${name}/credentials`, { username: name, password: name });
    cluster.stack.application("ledger", ledger([], true));
    for (const name of names) cluster.stack.application(name, ledger().replaceAll("ledger", name));
    await cluster.up();
  });

  after(async () => {
    await cluster.remove();
  });

  it("rolls a Deployment, a DaemonSet and a StatefulSet when a value changes, and a pod serves at every moment", async () => {
    const workloads = new ServingWorkloads(embedded, "ledger-dev", "ledger", "credentials", "password");
    await workloads.create();
    assert.equal(await workloads.served("StatefulSet"), "first");
    await cluster.vault.put("ledger/credentials", { username: "one", password: "second" });
    const results = await workloads.watchUntil("second", 120);
    for (const { kind, asked, failed } of results) {
      assert.ok(asked > 20, `${kind} was asked only ${asked} times`);
      assert.equal(failed, 0, `${kind}: ${failed} of ${asked} requests failed`);
    }
  });

  it("lets each identity read its own secrets and those of no other application", async () => {
    const verdicts: string[] = [];
    for (const reader of names) {
      const jwt = await serviceAccountToken(embedded, `${reader}-dev`, reader);
      const token = await vaultLogin(cluster.vault.address, `dev-${reader}`, jwt);
      for (const owner of names) {
        const status = await cluster.vault.statusFor(token, `${owner}/credentials`);
        if (status !== (reader === owner ? 200 : 403)) verdicts.push(`${reader} reads ${owner}: ${status}`);
      }
    }
    assert.deepEqual(verdicts, []);
  });

  it("lets no identity log in with another application's role, another audience, or from another namespace", async () => {
    const { address } = cluster.vault;
    const jwt = await serviceAccountToken(embedded, "app-0-dev", "app-0");
    await assert.rejects(vaultLogin(address, "dev-app-1", jwt), /not authorized/);
    const other = await serviceAccountToken(embedded, "app-0-dev", "app-0", "https://kubernetes.default.svc");
    await assert.rejects(vaultLogin(address, "dev-app-0", other), /audience/);
    await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: "elsewhere" } });
    await embedded.cluster.create("/api/v1/namespaces/elsewhere/serviceaccounts", {
      metadata: { name: "app-0" },
    });
    const foreign = await serviceAccountToken(embedded, "elsewhere", "app-0");
    await assert.rejects(vaultLogin(address, "dev-app-0", foreign), /not authorized/);
    await embedded.removeNamespaces(["elsewhere"]);
  });

  it("uses a mount that was there before, and leaves it", async () => {
    const { code, output } = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.equal(code, 0, output);
    // The workloads are not the stack's: their namespace stays.
    assert.match(output, /namespace ledger-dev stays, since it still holds .*Deployment ledger/);
    assert.deepEqual(await cluster.vault.get("app-3/credentials"), { username: "app-3", password: "app-3" });
    const mounts = (await cluster.vault.call("GET", "sys/auth")) as { data: Record<string, unknown> };
    assert.ok(!("kubernetes/" in mounts.data), "the auth method that the stack made is still there");
    await embedded.removeNamespaces(["ledger-dev"]);
  });
});
