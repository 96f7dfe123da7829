import { Command, CommanderError, Option } from "commander";

/** The option that names the stack; the variable that Pulumi itself reads is its default. */
export function stackOption(description: string): Option {
  return new Option("-s, --stack <name>", description).env("PULUMI_STACK").makeOptionMandatory();
}

/** Runs a program on the command line's arguments. Wrong usage ends with exit code 2. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.exitOverride().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  }
}

/** Runs what a command does; its result is the exit code. An error is told in one line, with exit code 1. */
export async function runCommand(action: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await action();
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
