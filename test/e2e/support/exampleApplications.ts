import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { exampleConfiguration } from "../../../local/stack/embedded";
import { Embedded } from "./embedded";
import { projectCopy } from "./projectCopy";
import { Outcome, runPulumi } from "./pulumiStack";

/** The stack of the example applications, which reads the outputs of a platform stack. */
export class ExampleApplications {
  private readonly temporary = mkdtempSync(join(tmpdir(), "examples-"));
  private readonly stack: string[];

  /** @param environment of the platform stack, whose name it also is */
  constructor(
    private readonly embedded: Embedded,
    private readonly environment: string,
  ) {
    const file = join(this.temporary, "configuration.yaml");
    const target = { ...embedded.target, stack: environment };
    const config = {
      ...exampleConfiguration(target),
      // The environments of these tests have no Vault.
      "example-application:applications": ["bookmarked", "shop"],
    };
    writeFileSync(file, stringify({ config }));
    this.stack = ["--stack", `examples-${environment}`, "--config-file", file];
  }

  async up(): Promise<void> {
    await this.succeed(["stack", "init", `examples-${this.environment}`]);
    await this.succeed(["up", "--yes", "--skip-preview", ...this.stack]);
  }

  async destroy(): Promise<void> {
    await this.succeed(["destroy", "--yes", "--skip-preview", ...this.stack]);
    rmSync(this.temporary, { recursive: true });
  }

  /** What a variable holds in the environment of an application's running container. */
  async variable(application: string, name: string): Promise<string> {
    const { stdout } = await promisify(execFile)("kubectl", [
      "exec",
      `--namespace=${application}-${this.environment}`,
      `deployment/${application}`,
      "--",
      "sh",
      "-c",
      `printf %s "$${name}"`,
    ]);
    return stdout;
  }

  private async succeed(args: string[]): Promise<Outcome> {
    const outcome = await runPulumi(this.embedded, join(projectCopy(), "examples", "application"), args);
    if (outcome.code !== 0) throw new Error(outcome.output);
    return outcome;
  }
}
