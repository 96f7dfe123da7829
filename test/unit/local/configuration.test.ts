import assert from "node:assert/strict";
import { parse } from "yaml";
import { platformConfiguration, withConfiguration } from "../../../local/stack/configuration";
import type { Target } from "../../../local/stack/target";

const WITHOUT_VAULT: Target = {
  stack: "local",
  environment: "dev",
  kubernetes: { context: "secrets-platform-local", kubeconfig: "/state/kubeconfig" },
  doppler: { project: "example", host: "http://10.244.0.1:8091", token: "dp.sa.canary" },
  chart: { chart: "/cache/chart", version: "0.20.4", values: { image: { tag: "v0.20.4" } } },
  vaultChart: { chart: "/charts/vault-secrets-operator", version: "0.10.0", values: {} },
};

const VALUES = platformConfiguration({
  ...WITHOUT_VAULT,
  vault: {
    address: "http://10.244.0.1:8200",
    token: "canary",
    encrypted: { address: "https://10.244.0.1:8210", caCertificateFile: "/state/openbao.crt" },
  },
});

describe("the configuration of the embedded stack", () => {
  it("aims the project at the cluster, Doppler, Vault and the charts, and holds no credential", () => {
    assert.deepEqual(VALUES, {
      "secrets-platform:environment": "dev",
      "secrets-platform:kubernetes": { context: "secrets-platform-local", kubeconfig: "/state/kubeconfig" },
      "secrets-platform:doppler": { project: "example", host: "http://10.244.0.1:8091" },
      "secrets-platform:externalSecrets": {
        chart: "/cache/chart",
        version: "0.20.4",
        values: { image: { tag: "v0.20.4" } },
      },
      "secrets-platform:vaultSecretsOperator": {
        chart: "/charts/vault-secrets-operator",
        version: "0.10.0",
        values: {},
      },
      "secrets-platform:vault": { address: "http://10.244.0.1:8200" },
    });
    assert.ok(!JSON.stringify(VALUES).includes("canary"));
  });

  it("names no Vault where there is none", () => {
    assert.ok(!("secrets-platform:vault" in platformConfiguration(WITHOUT_VAULT)));
  });

  it("names the image of the secrets service where the cluster has one", () => {
    const secretsService = {
      image: "secrets-platform.local/secrets-service:1.0.0",
      imagePullPolicy: "Never",
    } as const;
    const key = "secrets-platform:secretsService";
    assert.deepEqual(platformConfiguration({ ...WITHOUT_VAULT, secretsService })[key], secretsService);
    assert.ok(!(key in platformConfiguration(WITHOUT_VAULT)));
  });

  it("is written once, and then left as it is", () => {
    const text = withConfiguration("", VALUES, true);
    assert.deepEqual((parse(text) as { config: unknown }).config, VALUES);
    assert.equal(withConfiguration(text, VALUES, false), text);
  });

  it("keeps what a person has added, also inside of its own keys", () => {
    const text = withConfiguration(
      [
        "# mine",
        "config:",
        "  secrets-platform:doppler: { host: http://old:1, configs: { dev: { generation: 3 } } }",
        "  other:key: value # why",
        "",
      ].join("\n"),
      VALUES,
      false,
    );
    const { config } = parse(text) as { config: Record<string, unknown> };
    assert.deepEqual(config["secrets-platform:doppler"], {
      host: "http://10.244.0.1:8091",
      configs: { dev: { generation: 3 } },
      project: "example",
    });
    assert.match(text, /^# mine$/m);
    assert.match(text, /other:key: value # why/);
  });

  it("drops the salt of a passphrase that is gone, and no other", () => {
    const text = "encryptionsalt: v1:abc\nconfig: {}\n";
    assert.ok(!withConfiguration(text, VALUES, true).includes("encryptionsalt"));
    assert.ok(withConfiguration(text, VALUES, false).includes("encryptionsalt: v1:abc"));
  });

  it("is not touched when it is no YAML", () => {
    assert.throws(() => withConfiguration("config: [", VALUES, false), /is not YAML/);
  });
});
