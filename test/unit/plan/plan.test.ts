import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadApplications } from "../../../config/loading";
import { parseStackConfiguration } from "../../../config/stack";
import { stackOutputs } from "../../../plan/outputs";
import { environmentSecrets, Plan, planStack } from "../../../plan/plan";

const ENVIRONMENTS = ["dev", "staging", "prd"];

const SHOP = `
name: shop
namespace: { default: shop, dev: shop-dev, staging: shop-staging }
secrets:
  - name: shop-secrets
    from: doppler
    keys: { STRIPE: SHOP_STRIPE }
  - name: shop-monitoring
    from: doppler
    doppler: shared
    keys: [SENTRY_DSN]
config:
  LOG_LEVEL: info
`;

const INTERNAL = `
name: internal
namespace: internal-dev
environments: [dev]
secrets:
  - name: internal-secrets
    from: doppler
`;

const VOICE = `
name: voice
namespace: voice
environments: [staging]
secrets:
  - { name: voice-secrets, from: environment, keys: [OPENAI_API_KEY] }
config:
  LIVEKIT_URL: \${LIVEKIT_URL}
`;

describe("planStack", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plan-"));
    writeFileSync(join(folder, "shop.yaml"), SHOP);
    writeFileSync(join(folder, "internal.yaml"), INTERNAL);
    writeFileSync(join(folder, "voice.yaml"), VOICE);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  function plan(stack: string, cluster: object = {}): Plan {
    const configuration = parseStackConfiguration(
      stack,
      {
        environments: ENVIRONMENTS,
        kubernetes: { context: "test" },
        doppler: { project: "example" },
        externalSecrets: {
          chart: "external-secrets",
          repository: "https://charts.example.invalid",
          version: "2.9.0",
        },
        ...cluster,
      },
      `Pulumi.${stack}.yaml`,
    );
    const identity = { organization: "acme", project: "secrets-platform", stack, environment: stack };
    return planStack(identity, configuration, loadApplications(folder, ENVIRONMENTS));
  }

  it("opens each store to the namespaces of the applications that read it, and to no other", () => {
    const stores = plan("dev").stores.map(({ config, namespaces, owned }) => ({ config, namespaces, owned }));
    assert.deepEqual(stores, [
      { config: "dev", namespaces: ["internal-dev", "shop-dev"], owned: true },
      { config: "shared", namespaces: ["shop-dev"], owned: true },
    ]);
  });

  it("has no application of another environment", () => {
    assert.deepEqual(
      plan("prd").applications.map((application) => application.name),
      ["shop"],
    );
  });

  it("opens an owner's shared store to the environments that it serves, and never its own config", () => {
    const stores = plan("dev", { cluster: { environments: ["dev", "prd"] } }).stores;
    assert.deepEqual(
      stores.map(({ config, namespaces }) => ({ config, namespaces })),
      [
        { config: "dev", namespaces: ["internal-dev", "shop-dev"] },
        { config: "shared", namespaces: ["shop", "shop-dev"] },
      ],
    );
  });

  it("leaves the shared store to the owner where another stack owns the cluster", () => {
    const stores = plan("prd", { cluster: { owner: "dev" } }).stores;
    assert.deepEqual(
      stores.map(({ config, owned }) => ({ config, owned })),
      [
        { config: "prd", owned: true },
        { config: "shared", owned: false },
      ],
    );
  });

  it("knows the names that the applications read from each config", () => {
    const [dev, shared] = plan("dev").stores;
    assert.deepEqual(dev?.names, ["SHOP_STRIPE"]);
    assert.deepEqual(shared?.names, ["SENTRY_DSN"]);
  });

  it("makes no store for Secrets from the environment, and tells of them all the same", () => {
    const staging = plan("staging");
    assert.ok(staging.stores.every(({ namespaces }) => !namespaces.includes("voice")));
    const outputs = stackOutputs(staging);
    assert.deepEqual(outputs["app.voice.secrets"], ["voice-secrets"]);
    assert.equal(outputs["app.voice.configMap"], "voice-config");
    assert.deepEqual(environmentSecrets(staging.applications.at(-1) ?? assert.fail()), [
      {
        source: "environment",
        name: "voice-secrets",
        keys: { OPENAI_API_KEY: "OPENAI_API_KEY" },
        type: "Opaque",
        labels: {},
        annotations: {},
      },
    ]);
  });

  it("tells application stacks what they consume, flat", () => {
    assert.deepEqual(stackOutputs(plan("prd")), {
      environment: "prd",
      "app.shop.namespace": "shop",
      "app.shop.secrets": ["shop-secrets", "shop-monitoring"],
      "app.shop.configMap": "shop-config",
      "store.prd": "doppler-prd",
      "store.shared": "doppler-shared",
    });
  });
});
