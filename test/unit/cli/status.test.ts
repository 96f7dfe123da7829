import assert from "node:assert/strict";
import { secretRows } from "../../../cli/secretTable";
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

const READY = { type: "Ready", status: "True", reason: "SecretSynced" };

describe("secretRows", () => {
  it("is in sync when the present generation was synced", () => {
    const status = {
      syncedResourceVersion: "2-abc",
      refreshTime: "2026-01-01T00:00:30Z",
      conditions: [READY],
    };
    assert.deepEqual(secretRows([externalSecret(status)], now), [
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
    assert.equal(secretRows([externalSecret(status, 21)], now)[0]?.state, "not in sync");
  });

  it("tells the operator's reason", () => {
    const failed = { type: "Ready", status: "False", reason: "SecretSyncedError", message: "no such key" };
    const [row] = secretRows([externalSecret({ syncedResourceVersion: "2-abc", conditions: [failed] })], now);
    assert.equal(row?.state, "not in sync");
    assert.equal(row.reason, "SecretSyncedError: no such key");
  });

  it("waits where the operator has not looked yet", () => {
    assert.equal(secretRows([externalSecret()], now)[0]?.state, "waiting");
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
