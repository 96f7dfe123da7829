import assert from "node:assert/strict";
import { clusterSecretStoreManifest } from "../../../components/doppler/clusterSecretStore";
import { serviceTokenName, serviceTokenPrefix } from "../../../components/doppler/serviceTokenName";
import { productionValues } from "../../../components/externalSecrets/operatorValues";
import { mergeValues } from "../../../components/operators/chartValues";
import { ownedMetadata } from "../../../components/identity";

const identity = { organization: "acme", project: "secrets-platform", stack: "dev", environment: "dev" };
const settings = {
  name: "doppler-dev",
  metadata: ownedMetadata(identity),
  token: { namespace: "external-secrets", secret: "doppler-token-dev", key: "dopplerToken" },
  namespaces: ["shop-dev", "bookmarked-dev", "shop-dev"],
};

describe("clusterSecretStoreManifest", () => {
  it("opens the store to exactly the named namespaces, each once and in order", () => {
    const { spec } = clusterSecretStoreManifest(settings);
    assert.deepEqual(spec.conditions, [{ namespaces: ["bookmarked-dev", "shop-dev"] }]);
  });

  it("refuses a store without a namespace, which would be open to all", () => {
    assert.throws(() => clusterSecretStoreManifest({ ...settings, namespaces: [] }), /has no namespace/);
  });

  it("points to the token's Secret", () => {
    assert.deepEqual(clusterSecretStoreManifest(settings).spec.provider.doppler.auth.secretRef.dopplerToken, {
      namespace: "external-secrets",
      name: "doppler-token-dev",
      key: "dopplerToken",
    });
  });
});

describe("serviceTokenName", () => {
  it("has its own name for every generation, under the stack's prefix", () => {
    const prefix = serviceTokenPrefix("dev", "0a1b2c3d");
    assert.equal(serviceTokenName(prefix, 2), "secrets-platform-dev-0a1b2c3d-g2");
    assert.ok(serviceTokenName(prefix, 1).startsWith(prefix));
  });

  it("does not let a stack's prefix begin with another stack's", () => {
    assert.ok(!serviceTokenPrefix("dev-2", "0a1b2c3d").startsWith(serviceTokenPrefix("dev", "0a1b2c3d")));
  });
});

describe("operator values", () => {
  it("keeps the CRDs when the release goes", () => {
    const crds = productionValues()["crds"] as { annotations: Record<string, string> };
    assert.equal(crds.annotations["helm.sh/resource-policy"], "keep");
  });

  it("merges trees and replaces lists, without changing either side", () => {
    const values = { a: { b: 1, c: [1, 2] }, d: "x" };
    const changes = { a: { c: [3] }, e: true };
    assert.deepEqual(mergeValues(values, changes), { a: { b: 1, c: [3] }, d: "x", e: true });
    assert.deepEqual(values, { a: { b: 1, c: [1, 2] }, d: "x" });
  });
});
