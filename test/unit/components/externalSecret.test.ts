import assert from "node:assert/strict";
import fc from "fast-check";
import {
  externalSecretManifest,
  ExternalSecretSettings,
} from "../../../components/applications/externalSecret";
import { goDuration } from "../../../components/applications/goDuration";
import { ownedMetadata } from "../../../components/identity";

const identity = { organization: "acme", project: "secrets-platform", stack: "dev", environment: "dev" };
const settings: ExternalSecretSettings = {
  name: "bookmarked-secrets",
  namespace: "bookmarked-dev",
  metadata: ownedMetadata(identity, "bookmarked"),
  store: "doppler-dev",
  refreshSeconds: 60,
  type: "Opaque",
  labels: {},
  annotations: {},
};

describe("goDuration", () => {
  for (const [seconds, text] of [
    [10, "10s"],
    [59, "59s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [3600, "1h0m0s"],
    [3661, "1h1m1s"],
    [86400, "24h0m0s"],
  ] as const) {
    it(`writes ${seconds} seconds as Go does: ${text}`, () => {
      assert.equal(goDuration(seconds), text);
    });
  }

  it("keeps every number of seconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seconds) => {
        const parts = /^(?:(\d+)h)?(?:(\d+)m)?(\d+)s$/.exec(goDuration(seconds));
        assert.ok(parts);
        const [hours, minutes, rest] = parts.slice(1).map((part) => Number(part || 0));
        assert.equal((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (rest ?? 0), seconds);
      }),
    );
  });
});

describe("externalSecretManifest", () => {
  it("refreshes every minute in the operator's own spelling, and owns its Secret", () => {
    const { spec } = externalSecretManifest(settings);
    assert.equal(spec.refreshInterval, "1m0s");
    assert.equal(spec.target.creationPolicy, "Owner");
    assert.equal(spec.target.deletionPolicy, "Retain");
    assert.equal(spec.target.name, "bookmarked-secrets");
    assert.deepEqual(spec.secretStoreRef, { kind: "ClusterSecretStore", name: "doppler-dev" });
  });

  it("reads a whole config with one call when no keys are named", () => {
    const { spec } = externalSecretManifest(settings);
    assert.deepEqual(spec.dataFrom, [{ find: { name: { regexp: ".*" } } }]);
    assert.ok(!("data" in spec.target.template));
  });

  it("reads many keys with one call, and renames them in a template", () => {
    const { spec } = externalSecretManifest({
      ...settings,
      keys: { DB: "DATABASE_URL", JWT: "JWT_SECRET", DB2: "DATABASE_URL" },
    });
    assert.deepEqual(spec.dataFrom, [{ find: { name: { regexp: "^(?:DATABASE_URL|JWT_SECRET)$" } } }]);
    assert.deepEqual("data" in spec.target.template && spec.target.template.data, {
      DB: "{{ .DATABASE_URL }}",
      JWT: "{{ .JWT_SECRET }}",
      DB2: "{{ .DATABASE_URL }}",
    });
  });

  it("matches exactly the named keys and none that only contains one", () => {
    const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,20}$/);
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), name, (keys, other) => {
        const { spec } = externalSecretManifest({
          ...settings,
          keys: Object.fromEntries(keys.map((key) => [key, key])),
        });
        const pattern = new RegExp(spec.dataFrom[0]?.find.name.regexp ?? "");
        assert.ok(keys.every((key) => pattern.test(key)));
        assert.equal(pattern.test(other), keys.includes(other));
      }),
    );
  });

  it("carries type, labels and annotations of the Secret", () => {
    const { spec } = externalSecretManifest({
      ...settings,
      type: "kubernetes.io/basic-auth",
      labels: { "argocd.argoproj.io/secret-type": "repository" },
      annotations: { note: "of the Secret" },
    });
    assert.equal(spec.target.template.type, "kubernetes.io/basic-auth");
    assert.equal(spec.target.template.metadata.labels["argocd.argoproj.io/secret-type"], "repository");
    assert.equal(spec.target.template.metadata.labels["secrets-platform/application"], "bookmarked");
    assert.deepEqual(spec.target.template.metadata, {
      labels: spec.target.template.metadata.labels,
      annotations: { note: "of the Secret" },
    });
  });

  it("does not let an application take the platform's own labels", () => {
    const { spec } = externalSecretManifest({
      ...settings,
      labels: { "secrets-platform/application": "another" },
    });
    assert.equal(spec.target.template.metadata.labels["secrets-platform/application"], "bookmarked");
  });

  it("makes a registry's docker configuration from two names", () => {
    const { spec } = externalSecretManifest({
      ...settings,
      type: "kubernetes.io/dockerconfigjson",
      registry: { server: "https://index.docker.io/v1/", usernameKey: "USERNAME", passwordKey: "TOKEN" },
    });
    assert.deepEqual(spec.dataFrom, [{ find: { name: { regexp: "^(?:TOKEN|USERNAME)$" } } }]);
    const data: Record<string, string> = { ...("data" in spec.target.template && spec.target.template.data) };
    const rendered = (data[".dockerconfigjson"] ?? "")
      .replace('{{ printf "%s:%s" .USERNAME .TOKEN | b64enc | toJson }}', '"dTpw"')
      .replace("{{ .USERNAME | toJson }}", '"u"')
      .replace("{{ .TOKEN | toJson }}", '"p"');
    assert.deepEqual(JSON.parse(rendered), {
      auths: { "https://index.docker.io/v1/": { username: "u", password: "p", auth: "dTpw" } },
    });
  });
});
