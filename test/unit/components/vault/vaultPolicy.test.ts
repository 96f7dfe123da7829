import assert from "node:assert/strict";
import fc from "fast-check";
import { policyOwner, populationPolicy, vaultPolicy } from "../../../../components/vault/vaultPolicy";

const settings = {
  owner: "acme/secrets-platform/prd",
  application: "cert-manager",
  mount: "secret",
  service: "cert-manager",
  grants: ["shared/ovh-dns", "infrastructure/smtp", "shared/ovh-dns"],
};

describe("vaultPolicy", () => {
  it("reads its own subtree, each granted path once, and nothing else", () => {
    assert.equal(
      vaultPolicy(settings),
      `# Made by secrets-platform (acme/secrets-platform/prd): what application cert-manager may read.

# Its own secrets.
path "secret/data/cert-manager/*" {
  capabilities = ["read"]
}

# Granted by its declaration.
path "secret/data/infrastructure/smtp" {
  capabilities = ["read"]
}

# Granted by its declaration.
path "secret/data/shared/ovh-dns" {
  capabilities = ["read"]
}
`,
    );
  });

  it("lets a Job write one path, and read none", () => {
    const text = populationPolicy({ ...settings, path: "cert-manager/credentials" });
    assert.match(
      text,
      /path "secret\/data\/cert-manager\/credentials" \{\n {2}capabilities = \["create","update"\]/,
    );
    assert.equal(text.match(/^path /gm)?.length, 1);
  });

  it("tells whose a policy is", () => {
    assert.equal(policyOwner(vaultPolicy(settings)), settings.owner);
    assert.equal(policyOwner('path "secret/*" { capabilities = ["read"] }'), undefined);
  });

  for (const path of [
    "a/*",
    "+",
    "a//b",
    "/a",
    "a/",
    "",
    "..",
    "a/../b",
    'a"',
    "a\nb",
    "{{identity.entity.id}}",
  ]) {
    it(`refuses the path ${JSON.stringify(path)}, which would not be taken literally`, () => {
      assert.throws(() => vaultPolicy({ ...settings, service: path }), /cannot stand in a Vault policy/);
      assert.throws(() => vaultPolicy({ ...settings, grants: [path] }), /cannot stand in a Vault policy/);
    });
  }

  it("has no wildcard but the one at the end of its own subtree, whatever is granted", () => {
    const segment = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
    const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join("/"));
    fc.assert(
      fc.property(path, fc.array(path, { maxLength: 5 }), (service, grants) => {
        const paths = [...vaultPolicy({ ...settings, service, grants }).matchAll(/^path "(.*)" \{$/gm)].map(
          ([, found]) => found,
        );
        const expected = [...new Set(grants)].sort().map((grant) => `secret/data/${grant}`);
        assert.deepEqual(paths, [`secret/data/${service}/*`, ...expected]);
      }),
    );
  });
});
