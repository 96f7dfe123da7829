import { Command, Option } from "commander";
import { loadApplications } from "../config/loading";
import { DEFAULT_FOLDER } from "../config/stackReading";
import { Difference, differences, ExampleFile, exampleFiles, writeExamples } from "./exampleFiles";
import { runCommand, runProgram } from "./run";
import { PROJECT_FOLDER, projectEnvironments, projectValues } from "./stackConfiguration";
import { formatTable } from "./table";

interface EnvironmentOptions {
  write?: boolean;
  check?: boolean;
  applications?: string;
  json?: boolean;
}

const program = new Command("environment")
  .description(
    "Shows the variables that the applications of each environment ask for, and keeps the files " +
      ".env.<environment>.example, which name them. No value is read, shown or written.",
  )
  .addOption(new Option("--write", "write the files anew, and remove those that nobody needs"))
  .addOption(
    new Option("--check", "only check whether the files are those that --write would write").conflicts(
      "write",
    ),
  )
  .option(
    "--applications <folder>",
    "the folder of the application files (default: as Pulumi.yaml says, else apps)",
  )
  .option("--json", "print JSON for machines")
  .addHelpText(
    "after",
    `
Examples:
  npm run environment
  npm run environment -- --write
  npm run environment -- --check
  npm run -s environment -- --json

Exit codes: 0 shown, written, or the files are right; 1 failed, or --check found a difference; 2 wrong usage.`,
  )
  .action((options: EnvironmentOptions) =>
    runCommand(() => Promise.resolve(keepExamples(options, PROJECT_FOLDER))),
  );

function keepExamples({ write, check, applications, json }: EnvironmentOptions, folder: string): number {
  const environments = projectEnvironments(folder);
  const { applications: declared } = projectValues(folder);
  const files = applications ?? (typeof declared === "string" ? declared : DEFAULT_FOLDER);
  const examples = exampleFiles(folder, environments, loadApplications(files, environments, folder));
  const different = differences(examples);
  const written = write ? writeExamples(folder, examples) : undefined;
  print(
    json
      ? { environments: examples.map(publicPart), differences: different, written }
      : written
        ? describeWritten(written)
        : check
          ? describeDifferences(different)
          : describeVariables(examples),
  );
  return check && different.length > 0 ? 1 : 0;
}

/** Without the texts: a file that is there may hold values by mistake. */
function publicPart({ environment, file, variables }: ExampleFile): object {
  return { environment, file, variables };
}

function describeWritten(written: readonly string[]): string {
  return written.length === 0 ? "every example was right" : written.join("\n");
}

function describeDifferences(different: readonly Difference[]): string {
  if (different.length === 0) return "every example is right";
  const lines = different.flatMap(({ file, what, lacks, unused }) => [
    `${file}: ${TEXTS[what]}`,
    ...lacks.map((name) => `  + ${name}`),
    ...unused.map((name) => `  - ${name}`),
  ]);
  return [...lines, "Run: npm run environment -- --write"].join("\n");
}

const TEXTS = {
  missing: "it is not there",
  superfluous: "no application asks for a variable any more",
  changed: "it is not what the application files ask for",
} as const satisfies Record<Difference["what"], string>;

function describeVariables(examples: readonly ExampleFile[]): string {
  const rows = examples.flatMap(({ environment, variables }) =>
    variables.map(({ name, use, files }) => [
      environment,
      name,
      use === "secret" ? "yes" : "no",
      files.join(", "),
    ]),
  );
  if (rows.length === 0) return "no application asks for a variable";
  return formatTable(["ENVIRONMENT", "VARIABLE", "SECRET", "APPLICATION FILES"], rows, false);
}

function print(content: string | object): void {
  process.stdout.write(`${typeof content === "string" ? content : JSON.stringify(content, null, 2)}\n`);
}

void runProgram(program);
