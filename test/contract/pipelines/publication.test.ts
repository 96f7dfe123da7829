import assert from "node:assert/strict";
import { GitHub } from "../../../ci/gitHub";
import { publishComment, publishDrift } from "../../../ci/publication";
import type { Report } from "../../../ci/report";
import { GitHubStandIn } from "../../support/gitHub";

const report = (output: string, code = 0): Report => ({ kind: "preview", stack: "dev", code, output });

/** GitHub itself cannot be had in a test: a server on loopback keeps what is published. */
describe("publishing to GitHub", () => {
  let standIn: GitHubStandIn;
  let gitHub: GitHub;

  beforeEach(async () => {
    standIn = await GitHubStandIn.start("made-up");
    gitHub = new GitHub(standIn.address, "example/platform", "made-up", "github-actions[bot]");
  });

  afterEach(() => {
    standIn.stop();
  });

  const publish = (...reports: (Report | undefined)[]) =>
    publishComment(
      gitHub,
      7,
      reports.map((found, index) => ({ stack: `stack-${index}`, report: found })),
      "https://example.com/run",
    );

  it("edits its own comment, behind a page of others, and never what somebody else wrote", async () => {
    standIn.foreignComment("<!-- secrets-platform: preview -->");
    for (let count = 0; count < 120; count += 1) standIn.foreignComment("well");
    assert.equal(await publish(report("first")), "the comment is written");
    assert.equal(await publish(report("second")), "the comment is edited");
    assert.equal(standIn.comments.length, 122);
    assert.match(standIn.comments.at(-1)?.body ?? "", /second/);
    assert.equal(standIn.comments[0]?.body, "<!-- secrets-platform: preview -->");
  });

  it("stays below the length that GitHub takes, with the end of each output", async () => {
    const long = `${"a line of a long difference ``` with backticks\n".repeat(5000)}Resources:\n    + 3 to create\n`;
    await publish(report(long), report(long), undefined);
    const body = standIn.comments[0]?.body ?? "";
    assert.ok(body.length <= 65_536 && body.length > 60_000, String(body.length));
    assert.equal(body.match(/left out here, for its length/g)?.length, 2);
    assert.equal(body.match(/^````text$/gm)?.length, 2);
    assert.match(body, /\| stack-0 \| \+ 3 to create \|/);
    assert.match(body, /\| stack-2 \| no preview could be made/);
    assert.match(body, /\+ 3 to create\n````\n\n<\/details>$/);
  });

  it("leaves the issue as it is when nothing could be compared", async () => {
    const drift = (code: number) =>
      publishDrift(gitHub, { stack: "dev", report: report("changed", code) }, undefined);
    assert.match(await drift(7), /issue 1 is opened/);
    assert.match(await drift(1), /stays as it is/);
    assert.equal(standIn.issues[0]?.state, "open");
    assert.match(await drift(0), /issue 1 is closed/);
    assert.match(await drift(7), /issue 2 is opened/);
  });

  it("says what GitHub refuses, and which rights are lacking", async () => {
    standIn.mayWrite = false;
    await assert.rejects(publish(report("x")), /POST issues\/7\/comments with 403 Resource .* `permissions`/);
    const stranger = new GitHub(standIn.address, "example/platform", "canary-wrong", "somebody");
    await assert.rejects(stranger.openIssues(), (error: Error) => {
      assert.match(error.message, /401 Bad credentials/);
      assert.ok(!error.message.includes("canary"));
      return true;
    });
  });
});
