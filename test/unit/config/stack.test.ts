import { strict as assert } from "node:assert";
import { dopplerConfigSettings, parseStackConfiguration } from "../../../config/stack";
import { assertProblems, problemsOf } from "./project";
import { STACK_FILE, parseWith } from "./stackTables";

describe("a stack's configuration", () => {
  it("has defaults for all that is not set", () => {
    assert.deepEqual(parseWith({}), {
      stack: "dev",
      environment: "dev",
      environments: ["dev", "staging", "prd"],
      kubernetes: { context: "kind" },
      cluster: { owner: "dev", owns: true, environments: ["dev"] },
      doppler: {
        project: "example",
        host: "https://api.doppler.com",
        config: "dev",
        shared: ["shared"],
        configs: {},
      },
      externalSecrets: {
        version: "2.9.0",
        chart: "external-secrets",
        repository: "https://charts.external-secrets.io",
        namespace: "external-secrets",
        values: {},
      },
      vaultSecretsOperator: {
        version: "1.4.1",
        chart: "vault-secrets-operator",
        repository: "https://helm.releases.hashicorp.com",
        namespace: "vault-secrets-operator-system",
        values: {},
      },
      applications: "apps",
      synchronizationTimeoutSeconds: 120,
    });
  });

  it("takes everything that can be set", () => {
    const configuration = parseWith(
      {
        environment: "prd",
        kubernetes: { context: "eu", kubeconfig: "~/.kube/eu" },
        cluster: { environments: ["prd", "staging"] },
        doppler: {
          project: "shop",
          host: "http://127.0.0.1:8080/",
          config: "prd_eu",
          shared: ["common"],
          configs: {
            prd_eu: {
              tokenSecret: { name: "doppler-token-auth", key: "token" },
              store: "doppler-secret-store",
            },
            common: { generation: 3 },
          },
          plan: "team",
        },
        externalSecrets: {
          version: "0.20.4",
          chart: "/cache/external-secrets",
          namespace: "eso",
          values: { replicaCount: 3 },
        },
        vault: {
          address: "https://vault.example:8200/",
          operatorAddress: "http://10.96.0.50:8200",
          mount: "team/kv",
          auth: { path: "k8s/eu", audience: "https://vault.example", tokenSeconds: "60" },
          inCluster: true,
          kubernetesHost: "https://rancher.example/k8s/clusters/c-1/",
          caCertificateFile: "certificates/vault.pem",
          login: { kubernetes: { role: "pulumi", path: "ci", tokenFile: "/run/token" } },
          policies: ["audit-read"],
          grants: { "legacy/db": ["shop", "admin"] },
          purge: "true",
          pendingSeconds: 60,
        },
        vaultSecretsOperator: { version: "0.10.0", chart: "./charts/vso", namespace: "vso" },
        applications: "services/apps",
        synchronizationTimeoutSeconds: "300",
      },
      "eu",
    );
    assert.deepEqual(configuration, {
      stack: "eu",
      environment: "prd",
      environments: ["dev", "staging", "prd"],
      kubernetes: { context: "eu", kubeconfig: "~/.kube/eu" },
      cluster: { owner: "eu", owns: true, environments: ["prd", "staging"] },
      doppler: {
        project: "shop",
        host: "http://127.0.0.1:8080",
        config: "prd_eu",
        shared: ["common"],
        configs: {
          prd_eu: {
            tokenSecret: { name: "doppler-token-auth", key: "token" },
            store: "doppler-secret-store",
            generation: 1,
          },
          common: {
            tokenSecret: { name: "doppler-token-common", key: "dopplerToken" },
            store: "doppler-common",
            generation: 3,
          },
        },
        plan: "team",
      },
      externalSecrets: {
        version: "0.20.4",
        chart: "/cache/external-secrets",
        namespace: "eso",
        values: { replicaCount: 3 },
      },
      vault: {
        address: "https://vault.example:8200",
        operatorAddress: "http://10.96.0.50:8200",
        mount: "team/kv",
        auth: { path: "k8s/eu", audience: "https://vault.example", tokenSeconds: 60 },
        inCluster: true,
        kubernetesHost: "https://rancher.example/k8s/clusters/c-1",
        caCertificateFile: "certificates/vault.pem",
        login: { kubernetes: { role: "pulumi", path: "ci", tokenFile: "/run/token" } },
        policies: ["audit-read"],
        grants: { "legacy/db": ["shop", "admin"] },
        purge: true,
        pendingSeconds: 60,
      },
      vaultSecretsOperator: { version: "0.10.0", chart: "./charts/vso", namespace: "vso", values: {} },
      applications: "services/apps",
      synchronizationTimeoutSeconds: 300,
    });
    assert.equal(dopplerConfigSettings(configuration, "common").generation, 3);
    assert.equal(dopplerConfigSettings(configuration, "constructor").store, "doppler-constructor");
    assert.deepEqual(dopplerConfigSettings(configuration, "prd_us"), {
      tokenSecret: { name: "doppler-token-prd-us", key: "dopplerToken" },
      store: "doppler-prd-us",
      generation: 1,
    });
  });

  it("has defaults for all that is not set of Vault", () => {
    const address = "https://vault.example:8200";
    const defaults = {
      address,
      operatorAddress: address,
      mount: "secret",
      auth: { path: "kubernetes", audience: "vault", tokenSeconds: 1200 },
      inCluster: false,
      policies: [],
      grants: {},
      purge: false,
      pendingSeconds: 604_800,
    };
    assert.deepEqual(parseWith({ vault: { address } }).vault, defaults);
    assert.deepEqual(parseWith({ vault: { address, inCluster: true } }).vault, {
      ...defaults,
      inCluster: true,
      kubernetesHost: "https://kubernetes.default.svc",
    });
    const login = { kubernetes: { role: "pulumi" } };
    assert.deepEqual(parseWith({ vault: { address, login, auth: { path: "eu" } } }).vault?.login, {
      kubernetes: {
        role: "pulumi",
        path: "eu",
        tokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
      },
    });
  });

  it("names the owner of a cluster that is another stack's", () => {
    assert.deepEqual(parseWith({ cluster: { owner: "prd" } }).cluster, {
      owner: "prd",
      owns: false,
      environments: [],
    });
  });

  it("needs an environment where the stack's name is none", () => {
    assertProblems(
      problemsOf(() => parseWith({}, "local")),
      STACK_FILE,
      [
        [
          "",
          "environment",
          'nothing, and the stack\'s name "local" is no environment',
          "one of dev, staging, prd",
        ],
      ],
    );
  });

  it("is refused with all its mistakes at once", () => {
    const problems = problemsOf(() =>
      parseStackConfiguration(
        "dev",
        {
          environments: ["dev", "dev"],
          kubernetes: { context: 1 },
          cluster: { owner: "dev" },
          doppler: { host: "x", plan: "free", configs: { a: { generation: -1 } } },
          externalSecrets: { version: "latest", namespace: "kube-system" },
          vault: { mount: "../a", auth: { tokenSeconds: 59 }, grants: { "a//b": ["shop"], "shared/a": [] } },
          vaultSecretsOperator: { version: "0.9.1", namespace: "kube-public" },
          applications: "",
          synchronizationTimeoutSeconds: 0,
          other: 1,
        },
        STACK_FILE,
      ),
    );
    assert.deepEqual(
      problems.map(({ path }) => path),
      [
        "applications",
        "cluster.owner",
        "doppler.configs.a",
        "doppler.configs.a.generation",
        "doppler.host",
        "doppler.plan",
        "doppler.project",
        "environments[1]",
        "externalSecrets.namespace",
        "externalSecrets.version",
        "kubernetes.context",
        "other",
        "synchronizationTimeoutSeconds",
        "vault.address",
        "vault.auth.tokenSeconds",
        'vault.grants["a//b"]',
        'vault.grants["shared/a"]',
        "vault.mount",
        "vaultSecretsOperator.namespace",
        "vaultSecretsOperator.version",
      ],
    );
  });
});
