import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";
import { obtainPart } from "../../../local/parts";
import { run } from "../../../local/process/run";

const WORKFLOWS = join(PROJECT_FOLDER, ".github/workflows");
const workflows = readdirSync(WORKFLOWS).map((name) => join(WORKFLOWS, name));
const actions = [...workflows, join(PROJECT_FOLDER, ".github/actions/setup/action.yaml")];

describe("the workflows and scripts of pipelines", function () {
  // The first time, actionlint is built.
  this.timeout(300_000);

  it("have no mistake that actionlint finds", async () => {
    const { path } = await obtainPart("actionlint");
    const shellcheck = await obtainPart("shellcheck");
    const { code, stdout } = await run(path, ["-shellcheck", shellcheck.path, ...workflows]);
    assert.equal(code, 0, stdout);
  });

  it("have no mistake that shellcheck finds", async () => {
    const { path } = await obtainPart("shellcheck");
    const scripts = readdirSync(join(PROJECT_FOLDER, "ci")).filter((name) => name.endsWith(".sh"));
    const { code, stdout } = await run(path, ["--external-sources", "--source-path=SCRIPTDIR", ...scripts], {
      cwd: join(PROJECT_FOLDER, "ci"),
    });
    assert.equal(code, 0, stdout);
  });

  it("name every action by a commit, with its version beside it", () => {
    for (const file of actions)
      for (const [line] of readFileSync(file, "utf8").matchAll(/uses: (?!\.\/).*/g))
        assert.match(line, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
  });

  it("give no job more than it needs", () => {
    for (const file of workflows) {
      const text = readFileSync(file, "utf8");
      assert.match(text, /^permissions: \{\}$/m, file);
      assert.doesNotMatch(text, /pull_request_target|write-all|--show-secrets/, file);
      const jobs = text.match(/^ {4}runs-on:/gm) ?? [];
      for (const pattern of [/^ {4}timeout-minutes:/gm, /^ {4}permissions:/gm, /persist-credentials: false/g])
        assert.equal(text.match(pattern)?.length, jobs.length, `${file}: ${pattern.source}`);
    }
  });

  it("install the Pulumi whose packages the project has", () => {
    const text = readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8");
    const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
    const action = readFileSync(join(PROJECT_FOLDER, ".github/actions/setup/action.yaml"), "utf8");
    assert.equal(/pulumi-version: (\S+)/.exec(action)?.[1], dependencies["@pulumi/pulumi"]);
  });
});
