import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines, type Completed, type RunOptions } from "../process/run";
import { writeStackConfiguration, type StackValues } from "./configuration";

/** Runs a command where the cluster can be reached. */
export type CommandRunner = (
  command: readonly string[],
  options: Omit<RunOptions, "cwd"> & { folder?: string },
) => Promise<Completed>;

/** Where and how the Pulumi CLI runs. */
export interface PulumiOptions {
  /** Path of the CLI. */
  executable: string;
  runner: CommandRunner;
  /** Whole environment of the CLI, its credentials included. */
  environment: NodeJS.ProcessEnv;
  /** Folder that keeps the state. */
  backend: string;
}

/** A stack that is brought up. */
export interface UpOptions {
  /** The project's folder. */
  folder: string;
  stack: string;
  /** Keys that are set in the stack's configuration file before. */
  configuration: StackValues;
  /** File that takes everything the CLI says. */
  log: string;
  /** Whether the state is compared with what is really there first. Default: false. */
  refresh?: boolean;
}

/** Milliseconds: a run that is told to end finishes what it is at, such as a chart's installation. */
const OTHER_RUN_TIMEOUT = 300_000;

// Where there is no /proc, any process of that id is taken for a run.
const IS_PULUMI = 'if [ -e /proc/self/comm ]; then grep -qx pulumi "/proc/$1/comm"; else kill -0 "$1"; fi';

/** The Pulumi CLI with its state in a folder. */
export class Pulumi {
  readonly #options: PulumiOptions;

  constructor(options: PulumiOptions) {
    this.#options = options;
  }

  /** Brings a stack up, and makes it when it does not exist. */
  async up({ folder, stack, configuration, log, refresh = false }: UpOptions): Promise<void> {
    const exists = (await this.#stacks(folder)).includes(stack);
    await writeStackConfiguration(folder, stack, configuration, !exists);
    await mkdir(this.#options.backend, { recursive: true, mode: 0o700 });
    await this.#run(folder, ["stack", "select", "--create", stack], log);
    await this.#freeOfOtherRuns(folder, stack, log);
    const flags = refresh ? ["--refresh"] : [];
    await this.#run(folder, ["up", "--yes", "--skip-preview", ...flags, "--stack", stack], log);
  }

  /** Destroys what a stack made, and removes the stack. Does nothing when it does not exist. */
  async destroy(folder: string, stack: string, log: string): Promise<boolean> {
    if (!(await this.#stacks(folder)).includes(stack)) return false;
    await this.#run(folder, ["destroy", "--yes", "--skip-preview", "--remove", "--stack", stack], log);
    return true;
  }

  async #run(folder: string, commandArguments: readonly string[], log: string): Promise<void> {
    const { executable, runner, environment } = this.#options;
    const command = [executable, ...commandArguments, "--non-interactive", "--color=never"];
    const { code } = await runner(command, { folder, environment, log });
    if (code === 0) return;
    const said = lastLines(await readFile(log, "utf8"), 20);
    throw new Error(
      `\`pulumi ${commandArguments.join(" ")}\` in ${folder} failed with exit code ${code}. ` +
        `Its log is ${log}, and ends with:\n${said}\n` +
        "Once the reason is mended, run the same command again: it goes on where this one ended.",
    );
  }

  /** Names of the project's stacks. */
  async #stacks(folder: string): Promise<string[]> {
    const project = await projectName(folder);
    const files = await readdir(join(this.#options.backend, ".pulumi", "stacks", project)).catch(() => []);
    return files.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
  }

  /**
   * Waits until no other run works on the stack, and takes away the lock that a killed one has left. When another
   * one takes long, the CLI is left to refuse.
   */
  async #freeOfOtherRuns(folder: string, stack: string, log: string): Promise<void> {
    const { backend } = this.#options;
    const locks = join(backend, ".pulumi", "locks", "organization", await projectName(folder), stack);
    const deadline = performance.now() + OTHER_RUN_TIMEOUT;
    while (performance.now() < deadline) {
      const files = await readdir(locks).catch(() => []);
      if (files.length === 0) return;
      const held = await Promise.all(files.map((file) => this.#isHeld(join(locks, file))));
      if (!held.includes(true)) return this.#run(folder, ["cancel", "--yes", "--stack", stack], log);
      await sleep(1000);
    }
  }

  /** Whether the run that made a lock is still there. The process id in it is one inside the node. */
  async #isHeld(lock: string): Promise<boolean> {
    const text = await readFile(lock, "utf8").catch(() => undefined);
    if (text === undefined) return false;
    const { pid } = JSON.parse(text) as { pid: number };
    const { code } = await this.#options.runner(["sh", "-c", IS_PULUMI, "sh", String(pid)], {});
    return code === 0;
  }
}

async function projectName(folder: string): Promise<string> {
  const text = await readFile(join(folder, "Pulumi.yaml"), "utf8");
  const name = /^name:\s*(\S+)\s*$/m.exec(text)?.[1];
  if (name === undefined) throw new Error(`${join(folder, "Pulumi.yaml")} has no name`);
  return name;
}
