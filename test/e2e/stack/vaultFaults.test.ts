import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubernetesObject } from "../../../clients/kubernetes";
import { Embedded, eventually } from "../support/embedded";
import { serviceAccountToken } from "../support/serviceAccounts";
import { ledger } from "../support/vaultApplications";
import { VaultCluster } from "../support/vaultCluster";

const OPERATOR =
  "/apis/apps/v1/namespaces/vault-secrets-operator-system/deployments/vault-secrets-operator-controller-manager";
const VALUES = { username: "one", password: "first" };

/** What goes wrong with Vault or its operator: a clear error, and no Secret that was there is lost. */
describe("when Vault or its operator is away", function () {
  this.timeout(600_000);
  this.bail(true);

  let cluster: VaultCluster;
  let embedded: Embedded;

  before(async () => {
    cluster = await VaultCluster.make("faults", 8320);
    ({ embedded } = cluster);
    await cluster.startVault();
    await cluster.vault.mountSecrets();
    await cluster.vault.put("ledger/credentials", VALUES);
    cluster.stack.application("ledger", ledger());
    await cluster.up();
  });

  after(async () => {
    await cluster.remove();
  });

  const values = () => embedded.secretValues("ledger-dev", "credentials");
  const policies = async () => {
    const { data } = (await cluster.vault.call("GET", "sys/policies/acl?list=true")) as {
      data: { keys: string[] };
    };
    return data.keys.filter((name) => name.startsWith("dev-"));
  };
  const ownNamespaces = async () =>
    (await embedded.namespaces()).filter((name) => /-dev$|^vault-|^external-/.test(name));
  const status = async () => {
    const { output } = await cluster.stack.status();
    return output;
  };

  it("refuses to change anything while Vault is sealed, and the Secret stays", async () => {
    await cluster.vault.seal();
    const output = await cluster.failingUp();
    assert.match(output, /nothing was changed.*Vault at http:\/\/10\.244\.0\.1:8320: it is sealed\./s);
    assert.match(output, /unseal it.*Secrets that exist keep their values/s);
    assert.deepEqual(await values(), VALUES);
  });

  it("tells in the status that the operator cannot read, in its own words", async () => {
    await eventually("the operator's warning", 60, async () => /not in sync.*sealed/.test(await status()));
    await cluster.vault.unseal();
  });

  it("goes on by itself after Vault was restarted", async () => {
    await cluster.vault.stop();
    assert.match(await cluster.failingUp(), /cannot be reached.*ECONNREFUSED/s);
    await cluster.vault.start();
    await cluster.vault.unseal();
    await cluster.vault.put("ledger/credentials", { ...VALUES, password: "second" });
    await eventually("the new value", 120, async () => (await values())?.["password"] === "second");
    assert.match(await cluster.up(), /Resources:\n\s+\d+ unchanged\n/);
  });

  const mistakes: {
    mistake: string;
    environment?: Record<string, string>;
    values?: object;
    message: RegExp;
  }[] = [
    {
      mistake: "a wrong token",
      environment: { VAULT_TOKEN: "s.wrong" },
      message: /it refuses the token: .*Set VAULT_TOKEN/s,
    },
    {
      mistake: "no token",
      environment: { VAULT_TOKEN: "" },
      message: /no Vault token: set the variable VAULT_TOKEN/,
    },
    {
      mistake: "a mount that is no KV store",
      values: { mount: "sys" },
      message: /Vault's mount sys: it is a secrets engine of another type, system/,
    },
    {
      mistake: "an auth method of another kind",
      values: { auth: { path: "token" } },
      message: /Vault's auth method token: it is of type token/,
    },
    {
      mistake: "a file of the authority that is not there",
      values: { address: "https://10.244.0.1:8210", caCertificateFile: "missing.pem" },
      message: /vault\.caCertificateFile: the file missing\.pem cannot be read \(ENOENT\)/,
    },
  ];
  for (const { mistake, environment, values: changes, message } of mistakes) {
    it(`${mistake}: a clear error, and nothing changed`, async () => {
      const before = cluster.stack.values;
      if (changes) cluster.configure(changes as Record<string, unknown>);
      const output = await cluster.failingUp({ ...cluster.environment(), ...environment });
      cluster.stack.values = before;
      assert.match(output, message);
      assert.doesNotMatch(output, /^\s+at .*\.[tj]s:\d+/m, "a stack trace is shown");
      assert.equal((await values())?.["password"], "second");
    });
  }

  it("refuses a policy or a role of its name that somebody else wrote", async () => {
    await cluster.vault.call("PUT", "sys/policies/acl/dev-late", {
      policy: 'path "x" { capabilities = [] }',
    });
    cluster.stack.application("late", ledger().replaceAll("ledger", "late"));
    assert.match(await cluster.failingUp(), /Vault's policy dev-late: somebody else wrote it/);
    await cluster.vault.call("DELETE", "sys/policies/acl/dev-late");
    await cluster.vault.call("POST", "auth/kubernetes/role/dev-late", {
      bound_service_account_names: ["theirs"],
      bound_service_account_namespaces: ["theirs"],
    });
    assert.match(
      await cluster.failingUp(),
      /Vault's role dev-late of auth\/kubernetes: somebody else wrote it/,
    );
    cluster.stack.application("late", undefined);
    await cluster.vault.call("DELETE", "auth/kubernetes/role/dev-late");
  });

  it("goes on configuring its auth method when somebody has described it otherwise", async () => {
    const { data } = (await cluster.vault.call("GET", "sys/auth/kubernetes/tune")) as {
      data: { description: string };
    };
    await cluster.vault.call("POST", "sys/auth/kubernetes/tune", { description: "dev cluster" });
    assert.match(await cluster.up(), /Resources:\n\s+\d+ unchanged\n/);
    await cluster.vault.call("POST", "sys/auth/kubernetes/tune", { description: data.description });
  });

  it("names the operator's reason when a role does not let it in, and mends the role with --refresh", async () => {
    await cluster.vault.put("late/credentials", VALUES);
    const late = ledger().replaceAll("ledger", "late");
    cluster.stack.application("late", late);
    await cluster.up();
    const role = "auth/kubernetes/role/dev-late";
    const { data } = (await cluster.vault.call("GET", role)) as { data: Record<string, unknown> };
    await cluster.vault.call("POST", role, { ...data, bound_service_account_names: ["nobody"] });
    // The operator's login still counts: it is ended, so that the operator has to log in again.
    await cluster.vault.revokeTokensOf("dev-late");
    cluster.stack.application("late", late.replace("refresh: 10s", "refresh: 11s"));
    const output = await cluster.failingUp();
    assert.match(output, /VaultStaticSecret late-dev\/credentials .*not authorized/);
    assert.deepEqual(await embedded.secretValues("late-dev", "credentials"), VALUES);
    const mended = await cluster.stack.up({ environment: cluster.environment(), flags: ["--refresh"] });
    assert.equal(mended.code, 0, mended.output);
    cluster.stack.application("late", undefined);
    await cluster.up();
  });

  it("logs in with the ServiceAccount of the pod that Pulumi runs in", async () => {
    await embedded.cluster.create("/api/v1/namespaces/default/serviceaccounts", {
      metadata: { name: "pulumi" },
    });
    await cluster.vault.call("PUT", "sys/policies/acl/pulumi", {
      policy: 'path "*" { capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"] }',
    });
    await cluster.vault.call("POST", "auth/kubernetes/role/pulumi", {
      bound_service_account_names: ["pulumi"],
      bound_service_account_namespaces: ["default"],
      audience: "vault",
      token_policies: ["pulumi"],
    });
    const tokenFile = join(cluster.stack.folder, "token");
    writeFileSync(tokenFile, await serviceAccountToken(embedded, "default", "pulumi"), { mode: 0o600 });
    cluster.configure({ login: { kubernetes: { role: "pulumi", tokenFile } } });
    const { code, output } = await cluster.stack.up({ environment: { VAULT_TOKEN: "" } });
    assert.equal(code, 0, output);
    const { values: configured } = cluster.stack;
    cluster.stack.values = {
      ...configured,
      vault: { ...(configured["vault"] as object), login: undefined },
    };
    await cluster.up();
    await embedded.cluster.delete("/api/v1/namespaces/default/serviceaccounts/pulumi");
  });

  it("destroys while Vault is down: what is in the cluster goes, policies and roles stay known, the next one finishes", async () => {
    await cluster.vault.stop();
    const { code, output } = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.notEqual(code, 0, output);
    assert.match(output, /dev-ledger.*failed|dev-ledger[\s\S]*cannot be reached/);
    assert.deepEqual(await ownNamespaces(), []);
    assert.deepEqual(await embedded.tokenNames("dev"), []);
    assert.match(await cluster.stack.exportState(), /vault:index\/policy:Policy/);
    await cluster.vault.start();
    await cluster.vault.unseal();
    const next = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.equal(next.code, 0, next.output);
    assert.deepEqual(await policies(), []);
    assert.equal((await cluster.vault.get("ledger/credentials"))?.["password"], "second");
  });

  it("destroys after half an update", async () => {
    const { code, output } = await cluster.stack.up({
      environment: cluster.environment(),
      killAfter: { text: "VaultAuth ledger-dev/ledger created", milliseconds: 0 },
    });
    assert.equal(code, null, output);
    await cluster.stack.cancel();
    const destroyed = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await ownNamespaces(), []);
    assert.deepEqual(await policies(), []);
  });

  it("destroys with the operator scaled to zero, and with `purge` removes what it wrote in Vault", async () => {
    await cluster.vault.call("DELETE", "secret/metadata/ledger/credentials");
    cluster.configure({ purge: true });
    await cluster.up();
    assert.ok(await cluster.vault.get("ledger/credentials"), "no placeholder was written");
    await embedded.cluster.merge(OPERATOR, { spec: { replicas: 0 } });
    await eventually("the operator is gone", 60, async () => {
      const deployment: KubernetesObject<{ status?: { replicas?: number } }> | undefined =
        await embedded.cluster.get(OPERATOR);
      return (deployment?.status?.replicas ?? 0) === 0;
    });
    const { code, output } = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.equal(code, 0, output);
    assert.match(output, /released \d+ objects from the finalizers of an operator that is not running/);
    assert.deepEqual(await ownNamespaces(), []);
    assert.equal(await cluster.vault.get("ledger/credentials"), undefined);
  });
});
