import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { dopplerConfigSettings } from "../config/stack";
import { runCommand, runProgram, stackOption } from "./run";
import { PROJECT_FOLDER, raisedGeneration, stackConfiguration, stackFile } from "./stackConfiguration";

interface RotateOptions {
  stack: string;
  yes?: boolean;
  configurationOnly?: boolean;
}

const program = new Command("rotate")
  .description(
    "Rotates the service token of a Doppler config: raises its generation in the stack's file and runs `pulumi up`, " +
      "which mints the new token, switches the Secret, lets the operator read with it, and revokes the old one.",
  )
  .argument("<config>", "the Doppler config, such as dev or shared")
  .addOption(stackOption("the Pulumi stack that owns the config's store"))
  .option("-y, --yes", "do not ask before the update")
  .option("--configuration-only", "raise the generation and leave the update to you")
  .addHelpText(
    "after",
    `
Examples:
  npm run rotate -- dev --stack dev
  PULUMI_STACK=dev npm run rotate -- dev
  npm run rotate -- shared --stack dev --yes

Exit codes: 0 rotated, 1 failed, 2 wrong usage. After a failure the generation stays raised: run "pulumi up" again.`,
  )
  .action((config: string, options: RotateOptions) =>
    runCommand(() => Promise.resolve(rotate(config, options))),
  );

function rotate(config: string, options: RotateOptions): number {
  const configuration = stackConfiguration(options.stack);
  const { doppler, cluster } = configuration;
  const known = [doppler.config, ...doppler.shared];
  if (!known.includes(config)) {
    throw new Error(`stack "${options.stack}" has no Doppler config "${config}"; it has ${known.join(", ")}`);
  }
  if (doppler.shared.includes(config) && !cluster.owns) {
    throw new Error(
      `stack "${cluster.owner}" owns the store of "${config}"; run: npm run rotate -- ${config} --stack ${cluster.owner}`,
    );
  }
  const file = stackFile(options.stack);
  const present = dopplerConfigSettings(configuration, config).generation;
  const raised = raisedGeneration(readFileSync(file, "utf8"), "secrets-platform", config, present);
  writeFileSync(file, raised.text);
  process.stdout.write(`${file}: generation of ${config} is now ${raised.generation}\n`);
  if (options.configurationOnly) return 0;
  const update = spawnSync("pulumi", ["up", "--stack", options.stack, ...(options.yes ? ["--yes"] : [])], {
    cwd: PROJECT_FOLDER,
    stdio: "inherit",
  });
  if (update.error)
    throw new Error(
      `cannot run pulumi: ${update.error.message}. Install it, or: pulumi up --stack ${options.stack}`,
    );
  return update.status ?? 1;
}

void runProgram(program);
