import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { UNKNOWN, type Values } from "../../../provider/definition";
import { DevVault, freePort } from "../../support/devVault";
import { EngineServer } from "./engineServer";
import type { Provider } from "./provider";
import { configureFor, startVaultProvider } from "./vaultProvider";

const POLICY = "vault:index/policy:Policy";
const CONFIGURATION = "vault:kubernetes/authBackendConfig:AuthBackendConfig";
const ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole";
const TOKEN = "a-token-canary";
const A_POLICY = { name: "dev-shop", policy: 'path "a" { capabilities = ["read"] }' };
const A_CONFIGURATION = {
  backend: "kubernetes",
  kubernetesHost: "https://10.0.0.1:6443",
  kubernetesCaCert: "certificate",
  tokenReviewerJwt: "header.canary.signature",
};
const A_ROLE = {
  backend: "kubernetes",
  roleName: "dev-shop",
  boundServiceAccountNames: ["shop"],
  boundServiceAccountNamespaces: ["shop"],
};

describe("the embedded vault provider, when something is wrong", () => {
  let vault: DevVault;
  let engine: EngineServer;
  let provider: Provider;

  before(async () => {
    engine = new EngineServer();
    [vault, provider] = await Promise.all([
      DevVault.start(),
      engine.start().then((address) => startVaultProvider(address)),
    ]);
  });

  after(async () => {
    await provider.stop();
    engine.stop();
    await vault.stop();
  });

  /** Configures it for an address that nothing answers at. */
  async function withoutVault(): Promise<string> {
    const address = `http://127.0.0.1:${await freePort()}`;
    await provider.configure({ address, token: TOKEN }, ["token"]);
    return address;
  }

  it("names the call that a wrong token may not make, and repeats nothing secret", async () => {
    await provider.configure({ address: vault.address, token: TOKEN }, ["token"]);
    const denied = (call: string) => ({ details: `Vault at ${vault.address}: ${call}: permission denied` });
    const policy = "sys/policies/acl/dev-shop";
    await assert.rejects(provider.create(POLICY, A_POLICY), denied(`PUT ${policy}`));
    await assert.rejects(provider.read(POLICY, "dev-shop", A_POLICY, A_POLICY), denied(`GET ${policy}`));
    await assert.rejects(provider.delete(POLICY, "dev-shop"), denied(`DELETE ${policy}`));
    const secrets = ["tokenReviewerJwt"];
    await assert.rejects(
      provider.create(CONFIGURATION, A_CONFIGURATION, { secrets }),
      denied("POST auth/kubernetes/config"),
    );
    await assert.rejects(provider.create(ROLE, A_ROLE), denied("POST auth/kubernetes/role/dev-shop"));
    assert.doesNotMatch(JSON.stringify(engine.lines), /canary/);
  });

  it("repeats no token that cannot be sent at all", async () => {
    await provider.configure({ address: vault.address, token: `${TOKEN}\n` }, ["token"]);
    const error = await provider.create(POLICY, A_POLICY).then(
      () => assert.fail("was created"),
      (rejection: unknown) => rejection as Error,
    );
    assert.doesNotMatch(String(error), /canary/);
  });

  it("makes nothing where there is no such auth method, and says so", async () => {
    await configureFor(provider, vault);
    await assert.rejects(provider.create(ROLE, { ...A_ROLE, backend: "nowhere" }), {
      details: /POST auth\/nowhere\/role\/dev-shop: no handler for route/,
    });
    await assert.rejects(provider.create(CONFIGURATION, { ...A_CONFIGURATION, backend: "nowhere" }), {
      details: /POST auth\/nowhere\/config: no handler for route/,
    });
  });

  it("says what Vault says of a policy that cannot be read", async () => {
    await configureFor(provider, vault);
    await assert.rejects(provider.create(POLICY, { name: "broken", policy: 'path "a" {' }), {
      details: /PUT sys\/policies\/acl\/broken: failed to parse policy/,
    });
    assert.equal(await vault.data("sys/policies/acl/broken"), undefined);
  });

  it("says what is missing, unknown, or of another type, before anything is made", async () => {
    const failures = async (type: string, news: Values) => (await provider.check(type, news)).failures.join();
    assert.match(await failures(POLICY, { name: "a" }), /policy: Missing required argument/);
    assert.match(await failures(POLICY, { ...A_POLICY, polciy: "" }), /polciy: Invalid or unknown key/);
    assert.match(await failures(CONFIGURATION, {}), /kubernetesHost: Missing required argument/);
    const role = await failures(ROLE, { boundServiceAccountNames: "shop" });
    assert.match(role, /roleName: Missing required argument/);
    assert.match(role, /expected boundServiceAccountNames to be a list of strings/);
    assert.match(await failures(ROLE, { ...A_ROLE, tokenTtl: "20m" }), /expected tokenTtl to be a number/);
  });

  it("refuses a namespace of one resource alone, which it would not find again", async () => {
    for (const [type, news] of [
      [POLICY, A_POLICY],
      [CONFIGURATION, A_CONFIGURATION],
      [ROLE, A_ROLE],
    ] as const) {
      const { failures } = await provider.check(type, { ...news, namespace: "team" });
      assert.match(failures.join(), /^namespace: .*write it on the provider$/);
    }
  });

  it("checks its own arguments without a connection", async () => {
    const failures = async (news: Values) => (await provider.checkConfiguration(news)).join();
    assert.equal(
      await failures({ address: "https://vault.example:8200", token: TOKEN, maxRetries: "2" }),
      "",
    );
    assert.equal(await failures({ address: UNKNOWN, token: UNKNOWN }), "");
    assert.match(await failures({}), /^address: write Vault's address, such as https:/);
    assert.match(await failures({ address: "vault.example:8200" }), /^address: write/);
    assert.match(await failures({ address: "https://" }), /^address: write/);
    assert.match(
      await failures({ address: "https://vault.example", addr: TOKEN }),
      /^addr: Invalid or unknown key; the embedded provider takes address, token, /,
    );
    assert.doesNotMatch(await failures({ address: TOKEN, tokn: TOKEN }), /canary/);
  });

  it("names the certificate's file that is not there", async () => {
    const caCertFile = "/nonexistent/ca.pem";
    await assert.rejects(provider.configure({ address: vault.address, caCertFile }), {
      details: /^caCertFile \/nonexistent\/ca\.pem cannot be read, write the path of a PEM file: ENOENT/,
    });
  });

  it("trusts the authority of its argument, and no other", async () => {
    const secure = await DevVault.start({ tls: true });
    try {
      const { address, token, caCertificateFile } = secure;
      await provider.configure({ address: `${address}/`, token, caCertFile: caCertificateFile }, ["token"]);
      await provider.create(POLICY, A_POLICY);
      await provider.configure({ address, token }, ["token"]);
      await assert.rejects(provider.create(POLICY, A_POLICY), {
        details: /cannot be reached: .*certificate/,
      });
    } finally {
      await secure.stop();
    }
  });

  it("previews and checks with Vault down: it connects when it has to", async () => {
    await withoutVault();
    const { inputs } = await provider.check(POLICY, A_POLICY);
    assert.deepEqual((await provider.create(POLICY, inputs, { preview: true })).values, A_POLICY);
    assert.deepEqual((await provider.diff(POLICY, "dev-shop", inputs, inputs)).changed, []);
    const changed = { ...inputs, policy: "" };
    assert.equal((await provider.update(POLICY, "dev-shop", A_POLICY, changed, true)).values["policy"], "");
    const configuration = await provider.check(CONFIGURATION, A_CONFIGURATION);
    const other = { ...configuration.inputs, kubernetesHost: "https://10.0.0.2:6443" };
    const diff = await provider.diff(CONFIGURATION, "auth/kubernetes/config", configuration.inputs, other);
    assert.deepEqual(diff.changed, ["kubernetesHost"]);
  });

  it("says within seconds that Vault is down, and where it should be", async () => {
    const address = await withoutVault();
    const start = performance.now();
    const details = new RegExp(
      `^Vault at ${address}: [A-Z]+ \\S+: it cannot be reached: connect ECONNREFUSED`,
    );
    await Promise.all([
      assert.rejects(provider.create(POLICY, A_POLICY), { details }),
      assert.rejects(provider.read(ROLE, "auth/kubernetes/role/dev-shop", A_ROLE, A_ROLE), { details }),
      assert.rejects(provider.delete(ROLE, "auth/kubernetes/role/dev-shop"), { details }),
    ]);
    assert.ok(performance.now() - start < 5000);
  });

  it("forgets the configuration of an auth method with Vault down: it makes no call", async () => {
    await withoutVault();
    await provider.delete(CONFIGURATION, "auth/kubernetes/config", A_CONFIGURATION);
  });

  it("takes no role for gone because Vault is sealed", async () => {
    const sealed = await DevVault.start();
    try {
      await sealed.call("PUT", "sys/seal");
      await configureFor(provider, sealed);
      await assert.rejects(provider.read(ROLE, "auth/kubernetes/role/dev-shop", A_ROLE, A_ROLE), {
        details: /GET auth\/kubernetes\/role\/dev-shop: .*sealed/,
      });
    } finally {
      await sealed.stop();
    }
  });

  // The last one: a provider that was cancelled does nothing more.
  it("stops trying when it is cancelled", async () => {
    await withoutVault();
    const start = performance.now();
    const creation = assert.rejects(provider.create(POLICY, A_POLICY), { details: "cancelled" });
    await sleep(100);
    await provider.cancel();
    await creation;
    assert.ok(performance.now() - start < 800);
  });
});
