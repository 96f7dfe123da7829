import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { digestOf } from "../../services/secrets/access/tokenDigest";
import { DevVault, freePort } from "../support/devVault";

const ROOT = join(__dirname, "../..");
const START_MILLISECONDS = 10_000;
/** Of every server here, as in the image: a young generation that is kept small. */
const NODE_FLAGS = ["--max-semi-space-size=4"];
const KEY = "SESSION_SIGNING_KEY";

/** Something that answers the same value. */
export interface Competitor {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
}

/** All servers of the comparison, as processes on 127.0.0.1. */
export class Competitors {
  private readonly processes: ChildProcess[] = [];
  private vault: DevVault | undefined;

  /** @param folder where their files are; it is the caller's to remove */
  constructor(private readonly folder: string) {}

  async start(): Promise<{
    bare: Competitor;
    tuned: Competitor;
    file: Competitor;
    cached: Competitor;
    bao: Competitor;
  }> {
    const value = randomBytes(32).toString("base64url");
    this.vault = await DevVault.start();
    await this.vault.call("POST", "secret/data/internal", { data: { [KEY]: value } });
    const token = randomBytes(32).toString("base64url");
    const policy = join(this.folder, "policy.yaml");
    writeFileSync(policy, `callers: [{ name: auth, tokens: ["sha256:${digestOf(token)}"], keys: [${KEY}] }]`);
    const values = join(this.folder, "values.json");
    writeFileSync(values, JSON.stringify({ [KEY]: value }));
    const asked = { headers: { "x-internal-token": token }, path: `/secret?key=${KEY}` };
    const service = (name: string, environment: Record<string, string>): Promise<Competitor> =>
      this.launch(name, "bin/services/secrets/main.js", asked, { POLICY_FILE: policy, ...environment });
    const constant = { BODY: JSON.stringify({ value }) };
    return {
      bare: await this.launch("bare node:http", "test/benchmark/bareServer.mjs", asked, constant),
      tuned: await this.launch(
        "bare node:http, optimizeEmptyRequests",
        "test/benchmark/bareServer.mjs",
        asked,
        {
          ...constant,
          OPTIMIZE: "1",
        },
      ),
      file: await service("service, file store", { SECRETS_STORE: "file", SECRETS_FILE: values }),
      cached: await service("service, vault store (cached)", {
        SECRETS_STORE: "vault",
        VAULT_ADDR: this.vault.address,
        VAULT_TOKEN: this.vault.token,
        VAULT_SECRET_PATH: "secret/internal",
      }),
      bao: {
        name: "OpenBao KV v2",
        url: `${this.vault.address}/v1/secret/data/internal`,
        headers: { "x-vault-token": this.vault.token },
        pid: this.vault.pid,
      },
    };
  }

  async stop(): Promise<void> {
    for (const child of this.processes) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    }
    await this.vault?.stop();
  }

  private async launch(
    name: string,
    script: string,
    { headers, path }: { headers: Record<string, string>; path: string },
    environment: Record<string, string>,
  ): Promise<Competitor> {
    const port = await freePort();
    // The audit is really written: to a file, as a container's runtime does with what it is given.
    const output = openSync(join(this.folder, `${port}.log`), "a");
    const child = spawn(process.execPath, [...NODE_FLAGS, script], {
      cwd: ROOT,
      env: { HOST: "127.0.0.1", PORT: String(port), ...environment },
      stdio: ["ignore", output, "inherit"],
    });
    this.processes.push(child);
    const url = `http://127.0.0.1:${port}${path}`;
    const deadline = Date.now() + START_MILLISECONDS;
    for (;;) {
      const status = await fetch(url, { headers }).then(
        ({ status }) => status,
        () => 0,
      );
      if (status === 200) return { name, url, headers, pid: child.pid ?? 0 };
      if (Date.now() > deadline) throw new Error(`${name} does not answer with 200 but ${status}`);
      await sleep(50);
    }
  }
}

/** Time on processors of a process so far, in microseconds. */
export function processorMicroseconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  // Ticks of a hundredth of a second, of the process itself and of the kernel for it.
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Memory of a process that is in use, in MB. */
export function residentMegabytes(pid: number): number {
  const [, kilobytes = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1_000;
}
