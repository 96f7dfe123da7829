import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../../cli/stackConfiguration";
import { readSettings } from "../../../../services/secrets/settings";

const TOKEN = "0123456789abcdef";
const file = { SECRETS_STORE: "file", SECRETS_FILE: "/values.json" };
const vault = {
  SECRETS_STORE: "vault",
  VAULT_ADDR: "http://vault:8200/",
  VAULT_SECRET_PATH: "secret/a/{key}",
};

function placesOf(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
  } catch (error) {
    assert.doesNotMatch((error as Error).message, /canary/);
    return (error as { mistakes: { place: string }[] }).mistakes.map(({ place }) => place);
  }
  return [];
}

describe("readSettings", () => {
  it("has the usual values", () => {
    const settings = readSettings({ ...file, INTERNAL_TOKEN: TOKEN });
    assert.equal(settings.port, 8_000);
    assert.equal(settings.host, "127.0.0.1");
    assert.equal(settings.header, "x-internal-token");
    assert.deepEqual(settings.store, { kind: "file", file: "/values.json" });
  });

  it("takes the place in Vault apart", () => {
    const { store } = readSettings({ ...vault, VAULT_TOKEN: "t", INTERNAL_TOKEN: TOKEN });
    assert.ok(store.kind === "vault");
    assert.deepEqual(
      [store.vault.address, store.mount, store.path],
      ["http://vault:8200", "secret", "a/{key}"],
    );
  });

  it("serves no variable that is not listed", () => {
    const { store } = readSettings({
      SECRETS_STORE: "env",
      SECRETS_ENV_KEYS: "A, B",
      A: "1",
      B: "2",
      C: "3",
      INTERNAL_TOKEN: TOKEN,
    });
    assert.ok(store.kind === "env");
    assert.deepEqual(
      [...store.values],
      [
        ["A", "1"],
        ["B", "2"],
      ],
    );
  });

  for (const [what, environment, places] of [
    ["nothing at all", {}, ["POLICY_FILE", "SECRETS_STORE"]],
    ["a short token", { ...file, INTERNAL_TOKEN: "canary" }, ["INTERNAL_TOKEN"]],
    ["a token beside a policy", { ...file, INTERNAL_TOKEN: TOKEN, POLICY_FILE: "p" }, ["INTERNAL_TOKEN"]],
    [
      "a token though none is checked",
      { ...file, INTERNAL_TOKEN: TOKEN, TOKEN_CHECK: "off" },
      ["TOKEN_CHECK"],
    ],
    [
      "networks though tokens are checked",
      { ...file, INTERNAL_TOKEN: TOKEN, TRUSTED_NETWORKS: "::1/128" },
      ["TRUSTED_NETWORKS"],
    ],
    ["no networks", { ...file, TOKEN_CHECK: "off", TRUSTED_NETWORKS: "10.0.0.0/33" }, ["TRUSTED_NETWORKS"]],
    ["a mistyped switch", { ...file, TOKEN_CHECK: "canary", INTERNAL_TOKEN: TOKEN }, ["TOKEN_CHECK"]],
    [
      "numbers",
      { ...file, INTERNAL_TOKEN: TOKEN, PORT: "80000", DRAIN_SECONDS: "-1", RELOAD_SECONDS: "x" },
      ["PORT", "RELOAD_SECONDS", "DRAIN_SECONDS"],
    ],
    [
      "a header with a meaning of its own",
      { ...file, INTERNAL_TOKEN: TOKEN, INTERNAL_TOKEN_HEADER: "Host" },
      ["INTERNAL_TOKEN_HEADER"],
    ],
    [
      "a variable that is not set",
      { SECRETS_STORE: "env", SECRETS_ENV_KEYS: "A", INTERNAL_TOKEN: TOKEN },
      ["A"],
    ],
    [
      "two logins",
      { ...vault, VAULT_TOKEN: "canary", VAULT_KUBERNETES_ROLE: "r", INTERNAL_TOKEN: TOKEN },
      ["VAULT_KUBERNETES_ROLE"],
    ],
    [
      "a way out of the mount",
      { ...vault, VAULT_SECRET_PATH: "secret/../sys", VAULT_TOKEN: "t", INTERNAL_TOKEN: TOKEN },
      ["VAULT_SECRET_PATH"],
    ],
    [
      "reviews outside of a pod",
      { ...file, POLICY_FILE: "p", TOKEN_REVIEW_AUDIENCE: "a" },
      ["KUBERNETES_API"],
    ],
  ] as const) {
    it(`refuses ${what}, at ${places.join(", ")}`, () => {
      assert.deepEqual(placesOf(environment), places);
    });
  }

  it("knows every variable that the documentation lists, and no other", () => {
    const text = readFileSync(join(PROJECT_FOLDER, "docs/secrets-service.md"), "utf8");
    const listed = [...text.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    const read = ["settings", "accessSettings", "storeSettings"].flatMap((name) => {
      const source = readFileSync(join(PROJECT_FOLDER, `services/secrets/${name}.ts`), "utf8");
      const calls = /(?:text|number|choice|milliseconds|value|optional|required|list)\(\s*"([A-Z_]+)"/g;
      return [...source.matchAll(calls)].map(([, variable]) => variable);
    });
    assert.deepEqual(
      listed.toSorted(),
      [...new Set(read)]
        .filter((name) => name !== "KUBERNETES_SERVICE_HOST" && name !== "KUBERNETES_SERVICE_PORT")
        .toSorted(),
    );
  });
});
