import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { obtainPart } from "../../../local/parts";
import { loadApplications } from "../../../config/loading";
import {
  canaryValue,
  KustomizeTree,
  MAPPING,
  SECRET_KEYS,
  SECRET_PATCHES,
} from "../../support/kustomizeTree";

const ENVIRONMENTS = ["dev", "staging", "prd"];

/** What the files of the tree are to become, with values and in a fresh clone. */
const EXPECTED = `# Made from the Kustomize tree deploy.
name: voice
namespace: { staging: voice-staging, prd: voice-prod }
environments: [staging, prd]
secrets:
  - name: shared-secrets
    from: environment
    keys: [CARTESIA_API_KEY, DEEPGRAM_API_KEY, LIVEKIT_API_KEY, LIVEKIT_API_SECRET, OPENAI_API_KEY]
config:
  CACHE_ENABLED: { staging: "false", prd: "true" }
  ENV_MODE: { staging: staging, prd: prod }
  LIVEKIT_URL: { staging: "\${LIVEKIT_URL_STAGING}", prd: wss://livekit.example.com }
  LOG_LEVEL: { staging: debug, prd: info }
  METRICS_ENABLED: "true"
  NODE_ENV: production
configMap: shared-config
`;

describe("npm run migrate -- kustomize", function () {
  this.timeout(120_000);

  let path: string;
  const trees: KustomizeTree[] = [];

  /** A tree in the folder `deploy` of its own folder's. */
  function tree(more: Readonly<Record<string, string>> = {}): KustomizeTree {
    const made = new KustomizeTree(more, { PATH: path });
    trees.push(made);
    return made;
  }

  const kustomize = (one: KustomizeTree, words: readonly string[], variables: NodeJS.ProcessEnv = {}) =>
    one.migrate(["kustomize", ".", ...words], variables);

  const text = (expected: string, { folder }: KustomizeTree): string =>
    expected.replace("tree deploy", `tree ${folder.split("/").at(-1) ?? ""}`);

  before(async () => {
    const { path: kubectl } = await obtainPart("kubectl");
    path = `${dirname(kubectl)}:${process.env["PATH"] ?? ""}`;
  });

  afterEach(() => {
    for (const one of trees.splice(0)) one.remove();
  });

  it("makes the application's file, the same in a fresh clone, where names are those of the examples", async () => {
    for (const more of [{}, SECRET_PATCHES]) {
      const one = tree(more);
      const { code, output } = await kustomize(one, [...MAPPING, "--write", "apps"]);
      assert.equal(code, 0, output);
      assert.equal(readFileSync(join(one.folder, "apps/voice.yaml"), "utf8"), text(EXPECTED, one));
      assert.equal(loadApplications("apps", ENVIRONMENTS, one.folder).length, 1);
      assert.equal(output.includes("names are those of secrets-patch.yaml.example"), more !== SECRET_PATCHES);
      assert.match(
        output,
        /needs for staging:\n {2}CARTESIA_API_KEY\n[^]*LIVEKIT_URL_STAGING \(not secret\)/,
      );
      assert.match(output, /Stays where it is:\n {2}Deployment voice-agent/);
      const again = await kustomize(one, [...MAPPING, "--write", "apps"]);
      assert.equal(again.code, 1);
      assert.match(again.output, /already there, so nothing was written/);
    }
  });

  it("--check: the same byte for byte, and every key that differs", async () => {
    const one = tree(SECRET_PATCHES);
    await kustomize(one, [...MAPPING, "--write", "apps"]);
    const url = { LIVEKIT_URL_STAGING: "wss://staging.example.com" };
    const valuesOf = (name: string): NodeJS.ProcessEnv =>
      Object.fromEntries(SECRET_KEYS.map((key) => [key, canaryValue(key, name)]));
    const check = (environment: string, variables: NodeJS.ProcessEnv) =>
      kustomize(one, [...MAPPING, "--check", "--applications", "apps", "--environment", environment], {
        ...url,
        ...variables,
      });
    const same = await check("prd", valuesOf("prod"));
    assert.match(same.output, /^the same in prd: 2 objects, byte for byte/);
    assert.equal(same.code, 0);
    const values = valuesOf("staging");
    const different = await check("staging", {
      ...values,
      CARTESIA_API_KEY: values["CARTESIA_API_KEY"]?.trimEnd(),
      DEEPGRAM_API_KEY: "",
    });
    assert.deepEqual(different.output.trimEnd().split("\n"), [
      "not the same, 2 differences:",
      "  staging: Secret voice-staging/shared-secrets: CARTESIA_API_KEY: has another value",
      "  staging: Secret voice-staging/shared-secrets: DEEPGRAM_API_KEY: the variable DEEPGRAM_API_KEY is not set",
    ]);
    assert.equal(different.code, 1);
    const noUrl = await check("staging", { ...valuesOf("staging"), LIVEKIT_URL_STAGING: "" });
    assert.match(noUrl.output, /variables without a value: LIVEKIT_URL_STAGING/);
    assert.equal(noUrl.code, 1);
    rmSync(join(one.folder, "overlays/prod/secrets-patch.yaml"));
    const unknown = await check("prd", valuesOf("prod"));
    assert.match(unknown.output, /overlays\/prod: secrets-patch\.yaml is not there.*values are not known/);
    assert.equal(unknown.code, 1);
  });

  it("carries over generators with hashes, types, variables, and a second ConfigMap", async () => {
    const one = tree({
      "overlays/staging/kustomization.yaml": `namespace: voice-staging
resources: [../../base]
secretGenerator:
  - name: database
    type: kubernetes.io/basic-auth
    literals: [username=voice, "password=\${DATABASE_PASSWORD_STAGING}"]
configMapGenerator:
  - { name: features, literals: [BETA=on] }
`,
    });
    const { code, output } = await kustomize(one, [
      "--overlay",
      "staging=staging",
      "--without",
      "prod",
      "--name",
      "voice",
    ]);
    assert.equal(code, 0, output);
    assert.match(
      output,
      /Secret\/database has a hash in its name, database-\w{10}; here its name is database/,
    );
    assert.match(
      output,
      /- name: database\n +from: environment\n +keys: \{ password: DATABASE_PASSWORD_STAGING, username: DATABASE_USERNAME \}\n +type: kubernetes.io\/basic-auth/,
    );
    assert.match(output, /--- voice-features\.yaml\n[^]*BETA: on/);
    assert.match(output, /shared-secrets: OPENAI_API_KEY: `changeme`; an update needs a real one/);
  });

  it("lists every overlay that is mapped to nothing", async () => {
    const one = tree();
    const { code, output } = await kustomize(one, ["--overlay", "prod=prd", "--overlay", "test=dev"]);
    assert.equal(code, 1);
    assert.match(output, /--overlay test: there is none; write one of overlays\/prod, overlays\/staging/);
    assert.match(output, /overlays\/staging: mapped to no environment; write --overlay overlays\/staging=/);
  });

  it("writes nothing while something cannot be carried over, and lists all of it", async () => {
    const one = tree({
      ...SECRET_PATCHES,
      "overlays/prod/kustomization.yaml": `namespace: voice-prod
resources: [../../base, ../../../elsewhere/missing.yaml]
`,
      "overlays/staging/kustomization.yaml": `resources: [../../base, more.yaml]
`,
      "overlays/staging/more.yaml": `apiVersion: v1
kind: Secret
metadata: { name: keystore }
data: { store: /u3+7Q== }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: shared-config, namespace: other }
data: { LOG_LEVEL: info, API_TOKEN: 5f0aZk3vQ8xT1mB6nR4w }
`,
    });
    const { code, output } = await kustomize(one, [...MAPPING, "--write", "apps"]);
    assert.equal(code, 1);
    for (const line of [
      /overlays\/prod: kustomization\.yaml in prod names .*missing\.yaml, which is not there, and there is no/,
      /overlays\/staging: Secret\/keystore: store: no text in UTF-8/,
      /overlays\/staging: ConfigMap\/shared-config is there more than once/,
      /overlays\/staging: Secret keystore, Secret shared-secrets, ConfigMap shared-config: no namespace|overlays\/staging: .*no namespace; add --namespace staging=<name>/,
      /ConfigMap shared-config: API_TOKEN: what looks like a random token .*--not-secret API_TOKEN/,
      /Nothing was written/,
    ])
      assert.match(output, line);
    assert.throws(() => readFileSync(join(one.folder, "apps/voice.yaml")));
  });

  it("shows nothing of what kubectl prints: it quotes files", async () => {
    const one = tree({
      ...SECRET_PATCHES,
      "overlays/prod/secrets-patch.yaml": `- op: ${canaryValue("OPENAI_API_KEY", "prod").trim()}`,
    });
    const { code, output } = await kustomize(one, MAPPING);
    assert.equal(code, 1);
    assert.match(output, /overlays\/prod: kubectl kustomize refuses it/);
  });

  it("says that kubectl is not there", async () => {
    const one = tree();
    const { code, output } = await kustomize(one, MAPPING, { PATH: "/nowhere" });
    assert.equal(code, 1);
    assert.match(output, /kubectl is not there/);
  });
});
