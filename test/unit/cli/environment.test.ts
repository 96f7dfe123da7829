import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, exampleFiles, writeExamples } from "../../../cli/exampleFiles";
import { PROJECT_FOLDER, projectEnvironments } from "../../../cli/stackConfiguration";
import { loadApplications } from "../../../config/loading";

const ENVIRONMENTS = ["dev", "staging", "prd"];

const VOICE = `
name: voice
namespace: voice
environments: [dev, staging]
secrets:
  - name: voice-secrets
    from: environment
    keys: { default: [LIVEKIT_API_KEY, OPENAI_API_KEY], staging: { LIVEKIT_API_KEY: LIVEKIT_API_KEY_STAGING } }
config:
  LIVEKIT_URL: \${LIVEKIT_URL}
`;
const WEB = `
name: web
namespace: web
environments: [dev]
secrets:
  - name: web-secrets
    from: environment
    keys: [OPENAI_API_KEY]
`;

const DEV = `# Written by \`npm run environment -- --write\`: names only, no values.
# Values belong into variables of the pipeline, or into a copy of this file called .env.dev.

# apps/voice.yaml, apps/web.yaml: secret
OPENAI_API_KEY=

# apps/voice.yaml: not secret
LIVEKIT_URL=

# apps/voice.yaml: secret
LIVEKIT_API_KEY=
`;

describe("the examples of environment files", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "examples-"));
    mkdirSync(join(folder, "apps"));
    writeFileSync(join(folder, "apps/voice.yaml"), VOICE);
    writeFileSync(join(folder, "apps/web.yaml"), WEB);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const examples = (environments = ENVIRONMENTS) =>
    exampleFiles(folder, environments, loadApplications("apps", environments, folder));

  it("name what each environment's applications ask for, with the files that do", () => {
    assert.deepEqual(writeExamples(folder, examples()), [
      ".env.dev.example: written",
      ".env.staging.example: written",
    ]);
    assert.equal(readFileSync(join(folder, ".env.dev.example"), "utf8"), DEV);
    const staging = readFileSync(join(folder, ".env.staging.example"), "utf8");
    assert.deepEqual(staging.match(/^\w+=.*$/gm), ["LIVEKIT_URL=", "LIVEKIT_API_KEY_STAGING="]);
    assert.ok(!existsSync(join(folder, ".env.prd.example")));
    assert.deepEqual(differences(examples()), []);
    assert.deepEqual(writeExamples(folder, examples()), []);
  });

  it("that are missing, changed or no longer needed are told, and mended", () => {
    writeExamples(folder, examples());
    rmSync(join(folder, ".env.dev.example"));
    writeFileSync(join(folder, ".env.staging.example"), "LIVEKIT_URL=wss://canary.example\nOLD_KEY=canary\n");
    const found = differences(examples());
    assert.deepEqual(found, [
      {
        file: ".env.dev.example",
        what: "missing",
        lacks: ["LIVEKIT_API_KEY", "LIVEKIT_URL", "OPENAI_API_KEY"],
        unused: [],
      },
      {
        file: ".env.staging.example",
        what: "changed",
        lacks: ["LIVEKIT_API_KEY_STAGING"],
        unused: ["OLD_KEY"],
      },
    ]);
    assert.ok(!JSON.stringify(found).includes("canary"));
    writeExamples(folder, examples());
    rmSync(join(folder, "apps/voice.yaml"));
    assert.deepEqual(
      differences(examples()).map(({ file, what }) => [file, what]),
      [
        [".env.dev.example", "changed"],
        [".env.staging.example", "superfluous"],
      ],
    );
    assert.deepEqual(writeExamples(folder, examples()), [
      ".env.dev.example: written",
      ".env.staging.example: removed",
    ]);
    assert.deepEqual(differences(examples()), []);
  });

  it("of an environment that is gone are removed, and what people wrote themselves stays", () => {
    writeExamples(folder, examples());
    writeFileSync(join(folder, ".env.prd.example"), "# ours\nA=\n");
    writeFileSync(join(folder, ".env.other.example"), "# ours\nA=\n");
    writeFileSync(
      join(folder, "apps/voice.yaml"),
      VOICE.replace(", staging]", "]").replace(/, staging: .*}/, " }"),
    );
    assert.deepEqual(writeExamples(folder, examples(["dev", "prd"])), [".env.staging.example: removed"]);
    assert.ok(existsSync(join(folder, ".env.prd.example")));
    assert.ok(existsSync(join(folder, ".env.other.example")));
  });

  it("that cannot be read are an error, not a file to write over", () => {
    mkdirSync(join(folder, ".env.dev.example"));
    assert.throws(() => examples(), /EISDIR/);
  });

  it("of this project are current", () => {
    const environments = projectEnvironments();
    const applications = loadApplications("apps", environments, PROJECT_FOLDER);
    assert.deepEqual(differences(exampleFiles(PROJECT_FOLDER, environments, applications)), []);
  });
});
