import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { constants } from "node:os";

/** How to run a command. */
export interface RunOptions {
  cwd?: string;
  /** The whole environment. Default: this process's own. Secrets belong here, never in arguments. */
  environment?: NodeJS.ProcessEnv;
  /** Written to standard input. Default: nothing. */
  input?: string;
  /** A file that both output streams are appended to instead of being returned. */
  log?: string;
  /** In milliseconds, after which the command is killed. Default: none. */
  timeout?: number;
}

/** What a command left behind. `code` is 128 + the signal's number when a signal ended it, as shells say. */
export interface Completed {
  stdout: string;
  stderr: string;
  code: number;
}

// What this process started ends with it: a compiler must not go on for minutes after the command has failed.
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill();
});

/** Runs a command to its end, whatever its exit code. Rejects only when it cannot be started. */
export function run(
  command: string,
  commandArguments: readonly string[],
  options: RunOptions = {},
): Promise<Completed> {
  const log = options.log === undefined ? undefined : openSync(options.log, "a", 0o600);
  return new Promise<Completed>((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd: options.cwd,
      env: options.environment ?? process.env,
      stdio: ["pipe", log ?? "pipe", log ?? "pipe"],
      ...(options.timeout === undefined ? {} : { timeout: options.timeout, killSignal: "SIGKILL" as const }),
    });
    running.add(child);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    // A command that reads no input may end before it is written; its exit code says what matters.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
    child.on("error", (error) => {
      running.delete(child);
      reject(error);
    });
    child.on("exit", () => {
      if (!child.killed) return;
      // What the command itself had started may hold its output open for as long as it likes.
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
    child.on("close", (code, signal) => {
      running.delete(child);
      resolve({
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        code: code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
      });
    });
  }).finally(() => {
    if (log !== undefined) closeSync(log);
  });
}

/** Runs a command and returns what it printed. Throws with the end of its error output when it fails. */
export async function runOrThrow(
  command: string,
  commandArguments: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { stdout, stderr, code } = await run(command, commandArguments, options);
  if (code === 0) return stdout;
  const reason = options.log === undefined ? lastLines(stderr || stdout, 10) : `see ${options.log}`;
  throw new Error(`\`${[command, ...commandArguments].join(" ")}\` failed with exit code ${code}: ${reason}`);
}

/** The last lines of a text that are not empty. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join("\n");
}
