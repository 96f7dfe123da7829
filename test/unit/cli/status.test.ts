import assert from "node:assert/strict";
import { Observations, secretRows, VaultObservation } from "../../../cli/secretTable";
import { raisedGeneration } from "../../../cli/stackConfiguration";
import { formatTable } from "../../../cli/table";

const now = Date.parse("2026-01-01T00:01:00Z");

function externalSecret(status?: object, generation = 2) {
  return {
    metadata: {
      name: "shop-secrets",
      namespace: "shop-dev",
      generation,
      labels: { "secrets-platform/application": "shop", "secrets-platform/environment": "dev" },
    },
    spec: { refreshInterval: "1m0s", secretStoreRef: { name: "doppler-dev" } },
    ...(status ? { status } : {}),
  };
}

function observed(changes: Partial<Observations>): Observations {
  return {
    externalSecrets: [],
    vaultStaticSecrets: [],
    environmentSecrets: [],
    bootstrapSecrets: [],
    ...changes,
  };
}

function vaultObservation(
  status?: { lastGeneration: number; secretMAC?: string },
  changes: Partial<VaultObservation> = {},
): VaultObservation {
  const { metadata } = externalSecret();
  return {
    object: {
      metadata: { ...metadata, creationTimestamp: "2026-01-01T00:00:10Z" },
      spec: {
        mount: "secret",
        path: "shop/credentials",
        refreshAfter: "30s",
        destination: { name: "shop-secrets" },
      },
      ...(status ? { status } : {}),
    },
    warning: undefined,
    placeholder: false,
    ...changes,
  };
}

const READY = { type: "Ready", status: "True", reason: "SecretSynced" };

describe("secretRows", () => {
  it("is in sync when the present generation was synced", () => {
    const status = {
      syncedResourceVersion: "2-abc",
      refreshTime: "2026-01-01T00:00:30Z",
      conditions: [READY],
    };
    assert.deepEqual(secretRows(observed({ externalSecrets: [externalSecret(status)] }), now), [
      {
        application: "shop",
        environment: "dev",
        namespace: "shop-dev",
        secret: "shop-secrets",
        store: "doppler-dev",
        state: "in sync",
        ageSeconds: 30,
        refresh: "1m0s",
      },
    ]);
  });

  it("is not fooled by the status of an older generation", () => {
    const status = { syncedResourceVersion: "2-abc", conditions: [READY] };
    assert.equal(
      secretRows(observed({ externalSecrets: [externalSecret(status, 21)] }), now)[0]?.state,
      "not in sync",
    );
  });

  it("tells the operator's reason", () => {
    const failed = { type: "Ready", status: "False", reason: "SecretSyncedError", message: "no such key" };
    const [row] = secretRows(
      observed({
        externalSecrets: [externalSecret({ syncedResourceVersion: "2-abc", conditions: [failed] })],
      }),
      now,
    );
    assert.equal(row?.state, "not in sync");
    assert.equal(row.reason, "SecretSyncedError: no such key");
  });

  it("waits where the operator has not looked yet", () => {
    assert.equal(secretRows(observed({ externalSecrets: [externalSecret()] }), now)[0]?.state, "waiting");
  });

  const synced = { lastGeneration: 2, secretMAC: "bWFj" };
  const vaultCases: [string, VaultObservation, object][] = [
    ["has synced", vaultObservation(synced), { state: "in sync", store: "vault secret/shop/credentials" }],
    [
      "has synced an older generation",
      vaultObservation({ lastGeneration: 1, secretMAC: "bWFj" }),
      { state: "waiting" },
    ],
    ["has never synced", vaultObservation(), { state: "waiting" }],
    [
      "holds made-up values",
      vaultObservation(synced, { placeholder: true }),
      { state: "placeholder", pendingSeconds: 50 },
    ],
    [
      "fails now, though it once synced",
      vaultObservation(synced, { warning: { message: "Vault is sealed", time: now - 20_000 } }),
      { state: "not in sync", reason: "Vault is sealed (said 20 s ago)" },
    ],
    [
      "fails still, though Kubernetes lets few of the operator's warnings through",
      vaultObservation(synced, { warning: { message: "Vault is sealed", time: now - 290_000 } }),
      { state: "not in sync" },
    ],
    [
      "failed once, long ago",
      vaultObservation(synced, { warning: { message: "Vault is sealed", time: now - 600_000 } }),
      { state: "in sync" },
    ],
  ];
  for (const [description, observation, expected] of vaultCases) {
    it(`tells of a Secret from Vault that ${description}`, () => {
      const [row] = secretRows(observed({ vaultStaticSecrets: [observation] }), now);
      assert.deepEqual({ ...row, ...expected }, row);
    });
  }

  it("is in sync when an update has filled it from the environment", () => {
    const { metadata } = externalSecret();
    assert.deepEqual(secretRows(observed({ environmentSecrets: [{ metadata }] }), now), [
      {
        application: "shop",
        environment: "dev",
        namespace: "shop-dev",
        secret: "shop-secrets",
        store: "environment",
        state: "in sync",
        refresh: "",
      },
    ]);
  });

  it("tells of a Secret that was made up while Vault was not ready", () => {
    const [row] = secretRows(observed({ bootstrapSecrets: [externalSecret()] }), now);
    assert.equal(row?.state, "placeholder");
    assert.match(row.reason ?? "", /run pulumi up again/);
  });
});

describe("formatTable", () => {
  it("aligns its columns and colours only when asked", () => {
    const rows = [
      ["a", { text: "in sync", colour: "green" as const }, "x"],
      ["longer", "waiting", ""],
    ];
    assert.equal(
      formatTable(["NAME", "STATE", "END"], rows, false),
      "NAME    STATE    END\na       in sync  x\nlonger  waiting",
    );
    const escape = String.fromCharCode(27);
    assert.ok(!formatTable(["NAME", "STATE", "END"], rows, false).includes(escape));
  });
});

describe("raisedGeneration", () => {
  it("changes the generation and keeps everything else, comments too", () => {
    const text = "# ours\nconfig:\n  secrets-platform:doppler:\n    project: example # the real one\n";
    const raised = raisedGeneration(text, "secrets-platform", "dev", 1);
    assert.equal(raised.generation, 2);
    assert.equal(
      raised.text,
      "# ours\nconfig:\n  secrets-platform:doppler:\n    project: example # the real one\n    configs:\n      dev:\n        generation: 2\n",
    );
    assert.match(raisedGeneration(raised.text, "secrets-platform", "dev", 2).text, /generation: 3\n$/);
  });
});
