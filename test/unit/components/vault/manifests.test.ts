import assert from "node:assert/strict";
import { vaultAuthManifest } from "../../../../components/vault/vaultAuth";
import { vaultConnectionManifest } from "../../../../components/vault/vaultConnection";
import { vaultStaticSecretManifest } from "../../../../components/vault/vaultStaticSecret";

const metadata = { labels: { "secrets-platform/stack": "dev" }, annotations: { note: "owned" } };

const secret = {
  name: "credentials",
  namespace: "cert-manager",
  metadata,
  auth: "cert-manager",
  mount: "secret",
  path: "cert-manager/credentials",
  refreshSeconds: 90,
  type: "Opaque",
  labels: { team: "platform" },
  annotations: {},
  restart: [],
  placeholder: false,
};

const auth = {
  name: "cert-manager",
  namespace: "cert-manager",
  metadata,
  connection: { namespace: "operators", name: "vault-dev" },
  mount: "kubernetes",
  role: "dev-cert-manager",
  policies: ["dev-cert-manager"],
  serviceAccount: "cert-manager",
  audience: "vault",
  tokenSeconds: 60,
};

describe("vaultStaticSecretManifest", () => {
  it("gives every key, and never the raw answer of Vault", () => {
    const { spec } = vaultStaticSecretManifest(secret);
    assert.deepEqual(spec.destination.transformation, { excludeRaw: true });
    assert.equal(spec.refreshAfter, "1m30s");
    assert.ok(!("rolloutRestartTargets" in spec));
  });

  it("gives only the declared keys, renamed, and fails for one that Vault lacks", () => {
    const { spec } = vaultStaticSecretManifest({ ...secret, keys: { OVH_KEY: 'a"key' } });
    const { excludes, templates } = spec.destination.transformation;
    assert.deepEqual(excludes, [".*"]);
    assert.deepEqual(Object.keys(templates), ["OVH_KEY"]);
    assert.match(templates["OVH_KEY"]?.text ?? "", /hasKey \.Secrets "a\\"key"/);
  });

  it("names what is restarted, and marks made-up values", () => {
    const restart = [{ kind: "Deployment", name: "cert-manager" }];
    const { spec } = vaultStaticSecretManifest({ ...secret, restart, placeholder: true });
    assert.deepEqual(spec.rolloutRestartTargets, restart);
    assert.deepEqual(spec.destination.labels, {
      team: "platform",
      "secrets-platform/stack": "dev",
      "secrets-platform/placeholder": "true",
    });
  });
});

describe("vaultAuthManifest", () => {
  it("is for its own namespace alone, and for one audience", () => {
    const { spec } = vaultAuthManifest(auth);
    assert.ok(!("allowedNamespaces" in spec));
    assert.equal(spec.vaultConnectionRef, "operators/vault-dev");
    assert.deepEqual(spec.kubernetes, {
      role: "dev-cert-manager",
      serviceAccount: "cert-manager",
      audiences: ["vault"],
      tokenExpirationSeconds: 600,
    });
  });

  it("changes with the list of the role's policies, and not with its order", () => {
    const header = (policies: string[]) => vaultAuthManifest({ ...auth, policies }).spec.headers;
    assert.notDeepEqual(header(["a"]), header(["a", "b"]));
    assert.deepEqual(header(["b", "a"]), header(["a", "b"]));
  });
});

describe("vaultConnectionManifest", () => {
  const connection = { name: "vault-dev", namespace: "operators", metadata, address: "https://vault:8200" };

  it("always checks Vault's certificate", () => {
    assert.deepEqual(vaultConnectionManifest(connection).spec, {
      address: "https://vault:8200",
      skipTLSVerify: false,
    });
    const { spec } = vaultConnectionManifest({ ...connection, caCertificateSecret: "vault-dev-ca" });
    assert.equal(spec.caCertSecretRef, "vault-dev-ca");
  });
});
