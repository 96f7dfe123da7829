/** The comment of a pull request and the issues about drift. */
import { GitHub } from "./gitHub";
import { details, driftOf, Report, summary } from "./report";

/** The most characters that GitHub takes as the text of a comment or an issue. */
const LONGEST = 65_536;

/** A stack, and its report where there is one. */
export interface StackReport {
  readonly stack: string;
  readonly report: Report | undefined;
}

const COMMENT_MARKER = "<!-- secrets-platform: preview -->";

/** The comment's text: one row and one block for each stack. */
export function commentText(stacks: readonly StackReport[], run: string | undefined): string {
  const rows = stacks.map(
    ({ stack, report }) =>
      `| ${stack} | ${report ? summary(report) : "no preview could be made: see the log"} |`,
  );
  const head = [
    COMMENT_MARKER,
    "### What `pulumi up` would do",
    "",
    "| stack | |",
    "| --- | --- |",
    ...rows,
    "",
    ...(run === undefined ? [] : [`[The log of the run](${run})`, ""]),
  ].join("\n");
  const reports = stacks.flatMap(({ report }) => (report === undefined ? [] : [report]));
  const each = Math.floor((LONGEST - head.length - 2 * reports.length) / Math.max(1, reports.length));
  return [head, ...reports.map((report) => details(report, each))].join("\n");
}

/** Writes the one comment of a pull request, or edits it. @returns what was done */
export async function publishComment(
  gitHub: GitHub,
  pullRequest: number,
  stacks: readonly StackReport[],
  run: string | undefined,
): Promise<string> {
  const comments = await gitHub.comments(pullRequest);
  const present = comments.find(({ body }) => body.startsWith(COMMENT_MARKER));
  const body = commentText(stacks, run);
  if (present === undefined) {
    await gitHub.createComment(pullRequest, body);
    return "the comment is written";
  }
  await gitHub.editComment(present.id, body);
  return "the comment is edited";
}

/** Opens, updates or closes the issue about a stack's drift. @returns what was done */
export async function publishDrift(
  gitHub: GitHub,
  { stack, report }: StackReport,
  run: string | undefined,
): Promise<string> {
  if (report === undefined || driftOf(report) === "failed") {
    return `${stack}: nothing could be compared, and its issue stays as it is`;
  }
  const marker = `<!-- secrets-platform: drift of ${stack} -->`;
  const issue = (await gitHub.openIssues()).find(({ body }) => body.startsWith(marker));
  if (driftOf(report) === "none") {
    if (issue === undefined) return `${stack}: no drift`;
    await gitHub.editIssue(issue.number, { state: "closed" });
    return `${stack}: no drift any more, issue ${issue.number} is closed`;
  }
  const head = [
    marker,
    `The stack ${stack} is not what the main branch declares: something was changed by hand, or an update has not run.`,
    "`pulumi up --refresh` puts it back.",
    "",
    ...(run === undefined ? [] : [`[The log of the run](${run})`, ""]),
  ].join("\n");
  const body = `${head}\n${details(report, LONGEST - head.length - 1)}`;
  if (issue === undefined) {
    const number = await gitHub.createIssue(`Drift of the stack ${stack}`, body);
    return `${stack}: drift, issue ${number} is opened`;
  }
  await gitHub.editIssue(issue.number, { body });
  return `${stack}: drift, issue ${issue.number} is updated`;
}
