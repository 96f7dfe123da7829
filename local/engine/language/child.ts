import { spawn } from "node:child_process";

/** How long a process gets to end after it was interrupted, in milliseconds. */
const GRACE_MILLISECONDS = 5000;

/** A command, and where its output goes. */
export interface Command {
  file: string;
  arguments: readonly string[];
  directory: string;
  environment: NodeJS.ProcessEnv;
  /** Interrupts the process (SIGINT), and kills it 5 seconds later. */
  signal: AbortSignal;
  stdout: (chunk: Buffer) => void;
  stderr: (chunk: Buffer) => void;
}

/** How a process ended: with an exit code, or by a signal. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Runs a command until it has ended and all of its output was passed on.
 *
 * @throws Error when it cannot be started
 */
export function runCommand(command: Command): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(command.file, command.arguments, {
      cwd: command.directory,
      env: command.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let killer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      child.kill("SIGINT");
      killer = setTimeout(() => child.kill("SIGKILL"), GRACE_MILLISECONDS);
    };
    const stopListening = (): void => {
      command.signal.removeEventListener("abort", interrupt);
      clearTimeout(killer);
    };
    child.stdout.on("data", command.stdout);
    child.stderr.on("data", command.stderr);
    child.once("error", (error) => {
      stopListening();
      reject(error);
    });
    child.once("close", (code, signal) => {
      stopListening();
      resolve({ code, signal });
    });
    if (command.signal.aborted) {
      interrupt();
    } else {
      command.signal.addEventListener("abort", interrupt, { once: true });
    }
  });
}

/** How a process ended, for people. */
export function describeEnding({ code, signal }: Ending): string {
  return code === null ? `ended by the signal ${String(signal)}` : `exited with non-zero exit code: ${code}`;
}
