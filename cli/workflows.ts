import { Command, Option } from "commander";
import { loadApplications } from "../config/loading";
import { runCommand, runProgram } from "./run";
import { PROJECT_FOLDER, projectEnvironments, projectValues } from "./stackConfiguration";
import { workflowFiles, writeWorkflows } from "./workflowFiles";

const program = new Command("workflows")
  .description(
    "Keeps the variables that the workflows in .github/workflows hand over to each environment as the application " +
      "files ask for them. Without an option it does what --check does.",
  )
  .option("--write", "write the variables anew")
  .addOption(new Option("--check", "only check whether they are current").conflicts("write"))
  .addHelpText(
    "after",
    `
Examples:
  npm run workflows -- --write
  npm run workflows -- --check

Exit codes: 0 written, or the workflows are right; 1 failed, or a workflow is not current; 2 wrong usage.`,
  )
  .action(({ write }: { write?: boolean }) =>
    runCommand(() => Promise.resolve(keepWorkflows(write === true))),
  );

function keepWorkflows(write: boolean): number {
  const environments = projectEnvironments();
  const { applications } = projectValues();
  const folder = typeof applications === "string" ? applications : "apps";
  const files = workflowFiles(
    PROJECT_FOLDER,
    environments,
    loadApplications(folder, environments, PROJECT_FOLDER),
  );
  if (write) {
    const written = writeWorkflows(PROJECT_FOLDER, files);
    console.log(written.length === 0 ? "every workflow was right" : `written: ${written.join(", ")}`);
    return 0;
  }
  const different = files.filter(({ present, wanted }) => present !== wanted);
  if (different.length === 0) {
    console.log("every workflow is right");
    return 0;
  }
  for (const { file } of different)
    console.log(`${file}: its variables are not those of the application files`);
  console.log("Run: npm run workflows -- --write");
  return 1;
}

void runProgram(program);
