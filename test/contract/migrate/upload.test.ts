import assert from "node:assert/strict";
import { dirname } from "node:path";
import { obtainPart } from "../../../local/parts";
import { DevVault } from "../../support/devVault";
import {
  canaryValue,
  KustomizeTree,
  MAPPING,
  Migrated,
  SECRET_KEYS,
  SECRET_PATCHES,
} from "../../support/kustomizeTree";
import { Emulated, startEmulated } from "../doppler/emulated";

const URL_VARIABLE = { LIVEKIT_URL_STAGING: "wss://staging.example.com" };
/** What Vault takes, and no variable: with everything that is easily lost. */
const LARGE = "canary-large $x \"'\n".repeat(6_000).slice(0, 100 * 1024);

/** The values of the tree by key. */
function valuesOf(name: string): Record<string, string> {
  return Object.fromEntries(SECRET_KEYS.map((key) => [key, canaryValue(key, name)]));
}

describe("npm run migrate -- kustomize --upload", function () {
  this.timeout(120_000);

  let tree: KustomizeTree;
  let path: string;

  function kustomize(words: readonly string[], variables: NodeJS.ProcessEnv): Promise<Migrated> {
    const needed = words.includes("--check") ? URL_VARIABLE : {};
    return tree.migrate(["kustomize", ".", ...MAPPING, ...words], { ...needed, ...variables });
  }

  before(async () => {
    path = `${dirname((await obtainPart("kubectl")).path)}:${process.env["PATH"] ?? ""}`;
  });

  beforeEach(() => {
    tree = new KustomizeTree(SECRET_PATCHES, { PATH: path });
  });

  afterEach(() => {
    tree.remove();
  });

  describe("to Doppler", () => {
    let emulated: Emulated;
    let access: NodeJS.ProcessEnv;

    const to = ["--to", "doppler", "--doppler-project", "example"];
    const stored = async (config: string): Promise<Record<string, string>> => {
      const query = { project: "example", config, format: "json" };
      return (await emulated.admin.get("/v3/configs/config/secrets/download", query)).json as Record<
        string,
        string
      >;
    };

    beforeEach(async () => {
      emulated = await startEmulated();
      access = { DOPPLER_API_HOST: emulated.emulator.url, DOPPLER_TOKEN: emulated.adminToken };
    });

    afterEach(async () => {
      await emulated.emulator.close();
    });

    it("writes each environment's values to its config, and the check finds them the same", async () => {
      const first = await kustomize([...to, "--upload"], access);
      assert.equal(first.code, 0, first.output);
      assert.match(first.output, /Doppler example\/prd: written: CARTESIA_API_KEY, /);
      for (const [config, name] of [
        ["prd", "prod"],
        ["staging", "staging"],
      ] as const) {
        const values = await stored(config);
        for (const [key, value] of Object.entries(valuesOf(name))) assert.ok(values[key] === value, key);
        assert.equal(values["LOG_LEVEL"], undefined);
      }
      const again = await kustomize([...to, "--upload"], access);
      assert.equal(again.code, 0, again.output);
      assert.match(again.output, /Doppler example\/staging: the same already: CARTESIA_API_KEY/);
      assert.equal((await kustomize([...to, "--write", "apps"], {})).code, 0);
      const check = await kustomize([...to, "--check", "--applications", "apps"], access);
      assert.match(check.output, /^the same in staging, prd: 4 objects/);
      await emulated.admin.post("/v3/configs/config/secrets", {
        ...{ project: "example", config: "prd" },
        secrets: { OPENAI_API_KEY: `${canaryValue("OPENAI_API_KEY", "prod")} ` },
      });
      const changed = await kustomize([...to, "--check", "--applications", "apps"], access);
      assert.equal(changed.code, 1);
      assert.match(
        changed.output,
        /1 differences:\n {2}prd: .*shared-secrets: OPENAI_API_KEY: has another value/,
      );
    });

    it("writes nothing while one value differs, tells every one, and replaces them with --overwrite", async () => {
      const secrets = { OPENAI_API_KEY: "another", DEEPGRAM_API_KEY: "another" };
      await emulated.admin.post("/v3/configs/config/secrets", { project: "example", config: "prd", secrets });
      const only = [...to, "--environment", "prd", "--upload"];
      const refused = await kustomize(only, access);
      assert.equal(refused.code, 1);
      assert.match(
        refused.output,
        /DEEPGRAM_API_KEY: has another value[^]*OPENAI_API_KEY: has another value/,
      );
      assert.match(refused.output, /Nothing was uploaded/);
      assert.equal((await stored("prd"))["LIVEKIT_API_KEY"], undefined);
      assert.equal((await stored("prd"))["OPENAI_API_KEY"], "another");
      const done = await kustomize([...only, "--overwrite"], access);
      assert.equal(done.code, 0, done.output);
      assert.ok((await stored("prd"))["OPENAI_API_KEY"] === canaryValue("OPENAI_API_KEY", "prod"));
      assert.equal((await stored("staging"))["OPENAI_API_KEY"], undefined);
    });

    it("refuses what Doppler would change, and what is no real value", async () => {
      tree.write({
        "overlays/staging/secrets-patch.yaml": `apiVersion: v1
kind: Secret
metadata: { name: shared-secrets }
stringData: { CARTESIA_API_KEY: "\${REFERENCE}" }
`,
      });
      const { code, output } = await kustomize([...to, "--environment", "staging", "--upload"], {
        ...access,
        REFERENCE: "canary-${LIVEKIT_API_KEY}",
      });
      assert.equal(code, 1);
      assert.match(output, /CARTESIA_API_KEY: a value with \$\{\.\.\.\} in it/);
      assert.match(output, /OPENAI_API_KEY: `changeme`/);
      assert.equal((await stored("staging"))["CARTESIA_API_KEY"], undefined);
    });

    it("says what it lacks", async () => {
      const { code, output } = await kustomize([...to, "--upload"], { ...access, DOPPLER_TOKEN: "" });
      assert.equal(code, 1);
      assert.match(output, /set DOPPLER_TOKEN/);
    });
  });

  describe("to Vault", () => {
    let vault: DevVault;
    let access: NodeJS.ProcessEnv;

    const to = ["--to", "vault", "--environment", "staging"];
    const stored = async (): Promise<Record<string, unknown> | undefined> =>
      (await vault.data("secret/data/voice/shared-secrets"))?.["data"] as Record<string, unknown> | undefined;

    beforeEach(async () => {
      vault = await DevVault.start();
      access = { VAULT_ADDR: vault.address, VAULT_TOKEN: vault.token };
    });

    afterEach(async () => {
      await vault.stop();
    });

    it("writes beside what is there, large values too, and the check finds them the same", async () => {
      await vault.call("POST", "secret/data/voice/shared-secrets", { data: { kept: "kept" } });
      tree.write({
        "overlays/staging/secrets-patch.yaml": JSON.stringify({
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "shared-secrets" },
          stringData: { ...valuesOf("staging"), OPENAI_API_KEY: LARGE },
        }),
      });
      const first = await kustomize([...to, "--upload"], access);
      assert.equal(first.code, 0, first.output);
      const values = { kept: "kept", ...valuesOf("staging"), OPENAI_API_KEY: LARGE };
      const found = (await stored()) ?? {};
      assert.deepEqual(Object.keys(found).sort(), Object.keys(values).sort());
      for (const [key, value] of Object.entries(values)) assert.ok(found[key] === value, key);
      await kustomize(["--to", "vault", "--write", "apps"], {});
      const check = await kustomize([...to, "--check", "--applications", "apps"], access);
      assert.match(check.output, /^the same in staging: 2 objects/);
      assert.equal(check.code, 0);
    });

    it("writes nothing while one value differs", async () => {
      const data = { OPENAI_API_KEY: "another" };
      await vault.call("POST", "secret/data/voice/shared-secrets", { data });
      const refused = await kustomize([...to, "--upload"], access);
      assert.equal(refused.code, 1);
      assert.match(refused.output, /Vault secret\/voice\/shared-secrets: OPENAI_API_KEY: has another value/);
      assert.deepEqual(await stored(), data);
      const done = await kustomize([...to, "--upload", "--overwrite"], access);
      assert.equal(done.code, 0, done.output);
      assert.ok((await stored())?.["OPENAI_API_KEY"] === canaryValue("OPENAI_API_KEY", "staging"));
    });

    it("needs one environment: paths do not name it", async () => {
      const { code, output } = await kustomize(["--to", "vault", "--upload"], access);
      assert.equal(code, 2);
      assert.match(output, /--to vault without --environment/);
    });
  });

  it("is refused for values from the environment", async () => {
    const { code, output } = await kustomize(["--upload"], {});
    assert.equal(code, 2);
    assert.match(output, /--upload without --to doppler or --to vault/);
  });
});
