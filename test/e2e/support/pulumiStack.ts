import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { stringify } from "yaml";
import { Embedded } from "./embedded";
import { projectCopy } from "./projectCopy";

/** How a command ended, and everything that it printed. */
export interface Outcome {
  /** Null when it was killed. */
  code: number | null;
  output: string;
}

/** Options of one run of the engine. */
export interface RunOptions {
  /** Variables over the platform's own. */
  environment?: Record<string, string>;
  /** Ends the engine and all that it started, as kill -9 does, so many milliseconds after a text was printed. */
  killAfter?: { text: string; milliseconds: number };
  /** Default: 400. */
  timeoutSeconds?: number;
  /** More flags of the command. */
  flags?: readonly string[];
}

/** Configuration of a stack without the project's prefix. */
export type StackValues = Record<string, unknown>;

/** A stack of the project on the embedded platform, with its own configuration and application files. */
export class PulumiStack {
  readonly folder = mkdtempSync(join(tmpdir(), "stack-"));
  private readonly configurationFile = join(this.folder, "configuration.yaml");

  constructor(
    readonly name: string,
    private readonly embedded: Embedded,
    public values: StackValues,
  ) {
    mkdirSync(this.applicationsFolder);
  }

  private get applicationsFolder(): string {
    return join(this.folder, "apps");
  }

  /** Writes an application's file; undefined removes it. */
  application(name: string, text: string | undefined): void {
    const file = join(this.applicationsFolder, `${name}.yaml`);
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
  }

  async create(): Promise<void> {
    const { code, output } = await this.run(["stack", "init", this.name]);
    if (code !== 0) throw new Error(output);
  }

  up(options?: RunOptions): Promise<Outcome> {
    return this.run(
      [
        ...["up", "--yes", "--skip-preview", "--stack", this.name],
        ...(options?.flags ?? []),
        ...this.configuration(),
      ],
      options,
    );
  }

  preview(flags: string[] = [], options?: RunOptions): Promise<Outcome> {
    return this.run(["preview", "--diff", "--stack", this.name, ...flags, ...this.configuration()], options);
  }

  destroy(options?: RunOptions): Promise<Outcome> {
    return this.run(
      ["destroy", "--yes", "--skip-preview", "--stack", this.name, ...this.configuration()],
      options,
    );
  }

  /** Gives up the lock that an engine left which was killed. */
  cancel(): Promise<Outcome> {
    return this.run(["cancel", "--yes", "--stack", this.name]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { output } = await this.run(["stack", "output", "--json", "--stack", this.name]);
    return JSON.parse(output) as Record<string, unknown>;
  }

  /** The state as Pulumi exports it, secrets encrypted. */
  async exportState(): Promise<string> {
    return (await this.run(["stack", "export", "--stack", this.name])).output;
  }

  /** What `npm run status` shows of the stack. */
  status(): Promise<Outcome> {
    const configuration = this.configuration();
    const file = join(projectCopy(), `Pulumi.${this.name}.yaml`);
    const present = readFileSync(file, "utf8");
    writeFileSync(file, readFileSync(configuration[1] ?? "", "utf8"));
    return runCommand(this.embedded, projectCopy(), "npm", [
      "run",
      "-s",
      "status",
      "--",
      "--stack",
      this.name,
    ]).finally(() => {
      writeFileSync(file, present);
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private configuration(): string[] {
    const config = Object.fromEntries(
      Object.entries({ applications: relative(projectCopy(), this.applicationsFolder), ...this.values }).map(
        ([key, value]) => [`secrets-platform:${key}`, value],
      ),
    );
    writeFileSync(this.configurationFile, stringify({ config }));
    return ["--config-file", this.configurationFile];
  }

  private run(args: string[], options?: RunOptions): Promise<Outcome> {
    return runPulumi(this.embedded, projectCopy(), args, options);
  }
}

/** Runs the CLI in a project's folder, to its end. What it prints goes to the transcript too. */
export function runPulumi(
  embedded: Embedded,
  folder: string,
  args: string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return runCommand(embedded, folder, "pulumi", [...args, "--non-interactive", "--color", "never"], options);
}

/** Runs a command in a project's folder, to its end. What it prints goes to the transcript too. */
function runCommand(
  embedded: Embedded,
  folder: string,
  program: string,
  args: string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that a kill takes the engine, the program and the plugins at once.
      detached: true,
    });
    let output = "";
    let killing = false;
    const kill = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    };
    const timer = setTimeout(kill, (options.timeoutSeconds ?? 400) * 1000);
    const read = (chunk: Buffer) => {
      output += chunk.toString("utf8");
      const { killAfter } = options;
      if (killAfter && !killing && output.includes(killAfter.text)) {
        killing = true;
        setTimeout(kill, killAfter.milliseconds);
      }
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      appendFileSync(embedded.transcript, `\n$ ${program} ${args.join(" ")}\n${output}`);
      resolve({ code, output });
    });
  });
}
