import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { run } from "../../../local/process/run";
import { GitHubStandIn } from "../../support/gitHub";
import { Embedded } from "../support/embedded";
import { projectCopy } from "../support/projectCopy";
import { Outcome, runPulumi } from "../support/pulumiStack";

const STACK = "pipelines";
const NAMESPACE = "pipelines-dev";
const CONFIG_MAP = `/api/v1/namespaces/${NAMESPACE}/configmaps/site-config`;
const CANARY = `canary-pipeline-${randomUUID()}`;
const TOKEN = `canary-token-${randomUUID()}`;

const site = (level: string) => `
name: site
namespace: ${NAMESPACE}
environments: [dev]
secrets:
  - name: site-secrets
    from: environment
    keys: [SITE_API_KEY]
config:
  LOG_LEVEL: ${level}
`;

describe("the scripts of pipelines", function () {
  this.timeout(300_000);

  const folder = mkdtempSync(join(tmpdir(), "pipelines-"));
  const reports = join(folder, "reports");
  const summaryFile = join(folder, "summary.md");
  let embedded: Embedded;
  let gitHub: GitHubStandIn;
  let printed = "";

  before(async () => {
    embedded = await Embedded.connect();
    gitHub = await GitHubStandIn.start(TOKEN);
    mkdirSync(join(folder, "apps"));
    application("info");
    const values = embedded.stackValues("dev", {
      applications: relative(projectCopy(), join(folder, "apps")),
    });
    const created = await runPulumi(embedded, projectCopy(), ["stack", "init", STACK]);
    assert.equal(created.code, 0, created.output);
    const file = join(projectCopy(), `Pulumi.${STACK}.yaml`);
    const config = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [`secrets-platform:${key}`, value]),
    );
    appendFileSync(file, stringify({ config }));
  });

  after(async () => {
    gitHub.stop();
    const { code, output } = await runPulumi(embedded, projectCopy(), [
      ...["destroy", "--yes", "--skip-preview", "--stack", STACK],
    ]);
    rmSync(folder, { recursive: true });
    assert.equal(code, 0, output);
  });

  function application(level: string): void {
    writeFileSync(join(folder, "apps", "site.yaml"), site(level));
  }

  async function script(call: string, ...words: string[]): Promise<Outcome> {
    const { code, stdout, stderr } = await run("bash", [`ci/${call}.sh`, ...words], {
      cwd: projectCopy(),
      environment: {
        ...process.env,
        PULUMI_STACK: STACK,
        STACKS: STACK,
        SITE_API_KEY: CANARY,
        REPORTS: reports,
        GITHUB_STEP_SUMMARY: summaryFile,
        GITHUB_API_URL: gitHub.address,
        GITHUB_REPOSITORY: "example/platform",
        GITHUB_TOKEN: TOKEN,
        PULL_REQUEST: "7",
      },
    });
    const output = stdout + stderr;
    printed += output;
    return { code, output };
  }

  async function succeed(call: string, ...words: string[]): Promise<string> {
    const { code, output } = await script(call, ...words);
    assert.equal(code, 0, output);
    return output;
  }

  it("show a preview in one comment, which the next preview edits", async () => {
    await succeed("preview");
    assert.match(await succeed("publish", "comment"), /the comment is written/);
    assert.match(gitHub.comments[0]?.body ?? "", /\| pipelines \| \+ \d+ to create/);
    application("loud${");
    const { code, output } = await script("preview");
    assert.notEqual(code, 0);
    assert.match(output, /mistake in the configuration/);
    assert.match(await succeed("publish", "comment"), /the comment is edited/);
    assert.equal(gitHub.comments.length, 1);
    assert.match(
      gitHub.comments[0]?.body ?? "",
      /pipelines \| failed \(exit code \d+\)[^]*config\.LOG_LEVEL/,
    );
    application("info");
  });

  it("update the stack, with the values that the pipeline hands over", async () => {
    await succeed("up");
    assert.deepEqual(await embedded.secretValues(NAMESPACE, "site-secrets"), { SITE_API_KEY: CANARY });
  });

  it("open one issue for drift, update it, and close it when there is none any more", async () => {
    await succeed("drift");
    assert.match(await succeed("publish", "issues"), /no drift$/m);
    assert.equal(gitHub.issues.length, 0);
    await run("kubectl", [
      ...["patch", "configmap", "site-config", `--namespace=${NAMESPACE}`],
      ...["--patch", '{"data":{"LOG_LEVEL":"by-hand"}}'],
    ]);
    const drift = await script("drift");
    assert.equal(drift.code, 3, drift.output);
    assert.match(await succeed("publish", "issues"), /drift, issue 1 is opened/);
    assert.match(gitHub.issues.map(({ body }) => body).join(), /by-hand/);
    assert.match(await succeed("publish", "issues"), /drift, issue 1 is updated/);
    const back = await runPulumi(embedded, projectCopy(), ["up", "--yes", "--refresh", "--stack", STACK], {
      environment: { SITE_API_KEY: CANARY },
    });
    assert.equal(back.code, 0, back.output);
    const configMap = await embedded.cluster.get<{ data: Record<string, string> }>(CONFIG_MAP);
    assert.equal(configMap?.data["LOG_LEVEL"], "info");
    await succeed("drift");
    assert.match(await succeed("publish", "issues"), /issue 1 is closed/);
    assert.deepEqual(
      gitHub.issues.map(({ state }) => state),
      ["closed"],
    );
  });

  it("show no secret anywhere", () => {
    assert.ok(existsSync(summaryFile));
    const texts = [
      printed,
      readFileSync(summaryFile, "utf8"),
      JSON.stringify([gitHub.comments, gitHub.issues]),
    ];
    for (const kind of ["preview", "up", "drift"])
      texts.push(readFileSync(join(reports, `${kind}-${STACK}.json`), "utf8"));
    for (const needle of [CANARY, Buffer.from(CANARY).toString("base64"), TOKEN])
      assert.ok(texts.every((text) => !text.includes(needle)));
  });
});
