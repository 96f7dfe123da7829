import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Argument, Command } from "commander";
import { runCommand, runProgram } from "../cli/run";
import { PROJECT_FOLDER, projectEnvironments } from "../cli/stackConfiguration";
import { GitHub } from "./gitHub";
import { publishComment, publishDrift, StackReport } from "./publication";
import { redacted, secretVariables } from "./redaction";
import { details, readReport, ReportKind, writeReport } from "./report";

/** The most that a job's summary takes is 1 MiB; as much as a comment is enough. */
const LONGEST_SUMMARY = 60_000;

const program = new Command("pipeline").description("What the scripts in ci/ do besides running Pulumi.");

program
  .command("redact")
  .description("copies standard input, without values of secrets")
  .action(() => runCommand(redact));

program
  .command("report")
  .description("writes a report of what standard input has")
  .addArgument(new Argument("<kind>").choices(["preview", "up", "drift"]))
  .argument("<code>", "exit code of the engine", Number)
  .action((kind: ReportKind, code: number) => runCommand(() => Promise.resolve(report(kind, code))));

program
  .command("comment")
  .description("publishes the reports of previews in one comment of the pull request PULL_REQUEST")
  .action(() => runCommand(comment));

program
  .command("issues")
  .description("publishes the reports of drift, in one issue for each stack")
  .action(() => runCommand(issues));

async function redact(): Promise<number> {
  const names = secretVariables(stackName(), PROJECT_FOLDER);
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${redacted(line, names, process.env)}\n`);
  }
  return 0;
}

function report(kind: ReportKind, code: number): number {
  const written = { kind, stack: stackName(), code, output: readFileSync(0, "utf8") };
  writeReport(reportsFolder(), written);
  const { GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${details(written, LONGEST_SUMMARY)}\n`);
  return 0;
}

async function comment(): Promise<number> {
  const pullRequest = Number(required("PULL_REQUEST"));
  if (!Number.isInteger(pullRequest) || pullRequest < 1) throw new Error("PULL_REQUEST is no number");
  console.log(await publishComment(gitHub(), pullRequest, reports("preview"), process.env.RUN_ADDRESS));
  return 0;
}

async function issues(): Promise<number> {
  for (const found of reports("drift"))
    console.log(await publishDrift(gitHub(), found, process.env.RUN_ADDRESS));
  return 0;
}

/** Of the stacks that STACKS names, at first one for each environment. */
function reports(kind: ReportKind): StackReport[] {
  const stacks = process.env.STACKS?.split(" ").filter((name) => name !== "") ?? projectEnvironments();
  return stacks.map((stack) => ({ stack, report: readReport(reportsFolder(), kind, stack) }));
}

function gitHub(): GitHub {
  const api = process.env.GITHUB_API_URL ?? "https://api.github.com";
  const author = process.env.PUBLISHER ?? "github-actions[bot]";
  return new GitHub(api, required("GITHUB_REPOSITORY"), required("GITHUB_TOKEN"), author);
}

function reportsFolder(): string {
  return process.env.REPORTS ?? ".local/reports";
}

/** The stack without its organization and its project. */
function stackName(): string {
  return required("PULUMI_STACK").split("/").at(-1) ?? "";
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the variable ${name} is not set`);
  return value;
}

void runProgram(program);
