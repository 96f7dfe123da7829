import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Runs a command with this process's terminal, to its end, and gives its exit code. */
export function runInteractively(
  [command, ...commandArguments]: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { stdio: "inherit", env: environment });
    // The terminal sends its signals to the command as well, which decides what they mean.
    const wait = (): void => undefined;
    process.on("SIGINT", wait).on("SIGQUIT", wait);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", wait).off("SIGQUIT", wait);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
