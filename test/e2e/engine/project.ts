import { spawn, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { installEngine } from "../../../local/engine/install";
import { obtainPart } from "../../../local/parts";
import { run, type Completed } from "../../../local/process/run";

const CHECKOUT = join(__dirname, "..", "..", "..");

/** How long a command of the CLI may take, in milliseconds. */
const COMMAND_MILLISECONDS = 90_000;

/** A resource as a checkpoint has it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
}

/** A Pulumi project of its own with one stack, `dev`, in the file backend, run by an engine that was laid out. */
export class Project {
  /** Everything that the CLI has printed so far. */
  printed = "";

  private constructor(
    readonly folder: string,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Makes a project. It finds the packages of this checkout.
   *
   * @param files by path; there should be an index.js or index.ts. Scripts (`#!`) become executable
   */
  static async create(files: Record<string, string>): Promise<Project> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "engine-")));
    const [bin, home, state] = [join(folder, "bin"), join(folder, "home"), join(folder, "state")];
    const project = new Project(folder, {
      ...process.env,
      PATH: [bin, dirname(process.execPath), process.env["PATH"]].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "of a test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    try {
      mkdirSync(state);
      mkdirSync(project.program);
      symlinkSync(join(CHECKOUT, "node_modules"), join(project.program, "node_modules"));
      project.write({
        "Pulumi.yaml": "name: engine\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
        "package.json": JSON.stringify({ name: "engine", version: "1.2.3" }),
        ...files,
      });
      const { path } = await obtainPart("pulumi");
      await installEngine({ pulumi: path, home, bin });
      await project.succeed("stack", "init", "dev");
      return project;
    } catch (error) {
      project.remove();
      throw error;
    }
  }

  get program(): string {
    return join(this.folder, "program");
  }

  write(files: Record<string, string>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.program, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, content.startsWith("#!") ? 0o755 : 0o644);
    }
  }

  /** Runs the CLI to its end, whatever that is. */
  async pulumi(...words: string[]): Promise<Completed> {
    const completed = await run(join(this.folder, "bin", "pulumi"), this.#arguments(words), {
      cwd: this.program,
      environment: this.environment,
      timeout: COMMAND_MILLISECONDS,
    });
    this.printed += completed.stdout + completed.stderr;
    return completed;
  }

  /** Runs the CLI, which has to succeed. @returns what it printed */
  async succeed(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(...words);
    if (code !== 0) {
      throw new Error(`pulumi ${words[0] ?? ""} failed with exit code ${code}:\n${stdout}${stderr}`);
    }
    return stdout + stderr;
  }

  /** Runs the CLI, which has to fail. @returns what it printed */
  async fail(...words: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(...words);
    if (code === 0) {
      throw new Error(`pulumi ${words[0] ?? ""} succeeded, but should have failed:\n${stdout}${stderr}`);
    }
    return stdout + stderr;
  }

  /** Starts the CLI, for those that do not want to wait for its end. */
  start(...words: string[]): ChildProcess {
    return spawn(join(this.folder, "bin", "pulumi"), this.#arguments(words), {
      cwd: this.program,
      env: this.environment,
      stdio: "ignore",
    });
  }

  /** The resources in the checkpoint. */
  async resources(): Promise<StateResource[]> {
    const { stdout } = await this.pulumi("stack", "export");
    const state = JSON.parse(stdout) as { deployment: { resources?: StateResource[] } };
    return state.deployment.resources ?? [];
  }

  /** Names of the files that hold a text: the state, its history and backups, the engine's own logs. */
  filesWith(text: string): string[] {
    const folders = [join(this.folder, "state"), join(this.folder, "home", "logs")];
    return folders.flatMap((folder) =>
      existsSync(folder)
        ? readdirSync(folder, { recursive: true, encoding: "utf8" })
            .map((name) => join(folder, name))
            .filter((path) => statSync(path).isFile() && readFileSync(path, "utf8").includes(text))
        : [],
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #arguments([command = "", ...rest]: string[]): string[] {
    const confirmed = ["up", "destroy", "refresh", "cancel"].includes(command) ? ["--yes"] : [];
    const direct = ["up", "destroy"].includes(command) ? ["--skip-preview"] : [];
    return [command, ...rest, ...confirmed, ...direct, "--non-interactive", "--color=never"];
  }
}
