import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROJECT_FOLDER, projectEnvironments } from "../../../cli/stackConfiguration";
import { workflowFiles, writeWorkflows } from "../../../cli/workflowFiles";
import { loadApplications } from "../../../config/loading";

const ENVIRONMENTS = projectEnvironments();

const VOICE = `
name: voice
namespace: voice
environments: [dev, staging]
secrets:
  - name: voice-secrets
    from: environment
    keys: { default: [LIVEKIT_API_KEY], staging: { LIVEKIT_API_KEY: LIVEKIT_API_KEY_STAGING } }
config:
  LIVEKIT_URL: \${LIVEKIT_URL}
`;

describe("the workflows' variables", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "workflows-"));
    mkdirSync(join(folder, "apps"));
    cpSync(join(PROJECT_FOLDER, ".github"), join(folder, ".github"), { recursive: true });
    writeFileSync(join(folder, "apps/voice.yaml"), VOICE);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const files = (environments = ENVIRONMENTS) =>
    workflowFiles(folder, environments, loadApplications("apps", environments, folder));
  const up = () => readFileSync(join(folder, ".github/workflows/up.yaml"), "utf8");

  it("are those of each environment, from secrets or from variables, and go with their application", () => {
    const before = up();
    assert.equal(writeWorkflows(folder, files()).length, 3);
    assert.deepEqual(writeWorkflows(folder, files()), []);
    const [, dev = "", staging = "", prd = ""] = up().split(/# begin: .*\n/);
    assert.match(
      dev,
      /^ {10}LIVEKIT_API_KEY: \$\{\{ secrets\.LIVEKIT_API_KEY \}\}\n {10}LIVEKIT_URL: \$\{\{ vars\.LIVEKIT_URL \}\}\n {10}# end/,
    );
    assert.match(staging, /^ {10}LIVEKIT_API_KEY_STAGING: \$\{\{ secrets\.LIVEKIT_API_KEY_STAGING \}\}/);
    assert.match(prd, /^ {10}# end/);
    rmSync(join(folder, "apps/voice.yaml"));
    writeWorkflows(folder, files());
    assert.equal(up(), before);
  });

  it("are not written where a mark, an environment or a name is wrong, all told at once", () => {
    writeFileSync(join(folder, "apps/voice.yaml"), VOICE.replaceAll("LIVEKIT_URL", "GITHUB_URL"));
    writeFileSync(
      join(folder, ".github/workflows/up.yaml"),
      up().replace("# end: variables of dev\n", "").replace("# begin: variables of prd\n", ""),
    );
    rmSync(join(folder, ".github/workflows/drift.yaml"));
    assert.throws(files, (error: Error) => {
      assert.match(error.message, /^nothing was written:/);
      assert.match(error.message, /up\.yaml: line \d+: staging begins before the end of dev/);
      assert.match(error.message, /up\.yaml: prd stands there 0 times/);
      assert.match(error.message, /drift\.yaml: it is not there/);
      assert.match(error.message, /GITHUB_URL for itself/);
      return true;
    });
  });

  it("of this project are current", () => {
    const applications = loadApplications("apps", ENVIRONMENTS, PROJECT_FOLDER);
    for (const { file, present, wanted } of workflowFiles(PROJECT_FOLDER, ENVIRONMENTS, applications))
      assert.equal(present, wanted, `${file}: run npm run workflows -- --write`);
  });
});
