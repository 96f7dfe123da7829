import { spawn } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { platformConfiguration } from "../../../local/stack/configuration";
import { Embedded } from "../support/embedded";
import { projectCopy } from "../support/projectCopy";
import { Outcome } from "../support/pulumiStack";

/** Seconds that the commands of one block may take. */
const LONGEST_SECONDS = 400;

/**
 * A shell in a copy of the project whose stack `dev` is aimed at the embedded cluster, so that commands can be run
 * as the documentation has them.
 */
export class ProjectShell {
  private readonly folder = projectCopy();

  constructor(private readonly embedded: Embedded) {
    const config = platformConfiguration({ ...embedded.target, environment: "dev" });
    writeFileSync(join(this.folder, "Pulumi.dev.yaml"), stringify({ config }));
  }

  /** Runs a script, and ends what it started when it takes too long. What it prints goes to the transcript too. */
  run(script: string): Promise<Outcome> {
    const child = spawn("timeout", ["--kill-after=10", String(LONGEST_SECONDS), "sh", "-euc", script], {
      cwd: this.folder,
      // Nobody is there to be asked.
      env: { ...process.env, PULUMI_STACK: "dev", PULUMI_SKIP_CONFIRMATIONS: "true", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const read = (chunk: string) => (output += chunk);
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        appendFileSync(this.embedded.transcript, `\n$ ${script}\n${output}`);
        resolve({ code, output });
      });
    });
  }
}
