import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { obtainPart } from "../../../local/parts";

/** How the CLI ended. */
export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Doppler's own CLI, with a home folder of its own so that it neither reads nor leaves anything elsewhere. */
export class DopplerCli {
  private constructor(
    private readonly executable: string,
    private readonly url: string,
    private readonly home: string,
  ) {}

  /** @param url base URL of the API. */
  static async install(url: string): Promise<DopplerCli> {
    const { path } = await obtainPart("doppler");
    const home = await mkdtemp(join(tmpdir(), "doppler-cli-"));
    const cli = new DopplerCli(path, url, home);
    const { code, stderr } = await cli.run(undefined, ["configure", "flags", "disable", "analytics"]);
    if (code !== 0) {
      throw new Error(`The Doppler CLI could not be set up: ${stderr}`);
    }
    return cli;
  }

  /** Removes the home folder. */
  async remove(): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  /** Runs the CLI with a token in its environment, and `input` at its standard input. */
  run(token: string | undefined, args: readonly string[], input = ""): Promise<CliResult> {
    const child = spawn(
      this.executable,
      ["--api-host", this.url, "--no-check-version", "--attempts", "1", ...args],
      {
        cwd: this.home,
        env: {
          PATH: process.env.PATH ?? "",
          HOME: this.home,
          ...(token === undefined ? {} : { DOPPLER_TOKEN: token }),
        },
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // A command that does not read its input may be gone before it is written.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** Runs the CLI and reads its JSON. Throws when it fails. */
  async json(token: string, args: readonly string[], input = ""): Promise<unknown> {
    const result = await this.run(token, [...args, "--json"], input);
    if (result.code !== 0) {
      throw new Error(`doppler ${args.join(" ")}: ${result.stderr}`);
    }
    return JSON.parse(result.stdout);
  }
}
