import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { sendToVault, VaultUnreachable, vaultErrorOf, type VaultAddress } from "../../clients/vaultHttp";
import { obtainPart } from "../../local/parts";

/** How long a server gets until it answers, in milliseconds. */
const PATIENCE_MILLISECONDS = 15_000;

/**
 * OpenBao, which speaks Vault's API, on 127.0.0.1 and in memory: initialized, unsealed, with a KV v2 store `secret`.
 * It leaves nothing behind.
 */
export class DevVault {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    /** How the root token reaches it. */
    readonly access: VaultAddress & { token: string },
    /** PEM file of the authority of its certificate; undefined: it speaks plain HTTP. */
    readonly caCertificateFile: string | undefined,
  ) {}

  /** @param tls whether it speaks HTTPS, with a certificate of an authority that it makes up. Default: false */
  static async start({ tls = false } = {}): Promise<DevVault> {
    const { path } = await obtainPart("openbao");
    const folder = mkdtempSync(join(tmpdir(), "vault-"));
    const host = `127.0.0.1:${await freePort()}`;
    const token = randomBytes(24).toString("hex");
    const server = ["server", "-dev", "-dev-no-store-token", `-dev-listen-address=${host}`];
    const child = spawn(path, [...server, ...(tls ? ["-dev-tls", `-dev-tls-cert-dir=${folder}`] : [])], {
      env: { PATH: process.env["PATH"], HOME: folder, BAO_DEV_ROOT_TOKEN_ID: token },
      stdio: "ignore",
    });
    const access = { address: `${tls ? "https" : "http"}://${host}`, token };
    const deadline = Date.now() + PATIENCE_MILLISECONDS;
    for (;;) {
      const file = tls ? certificateIn(folder) : undefined;
      const caCertificate = file && readFileSync(file, "utf8");
      const vault = new DevVault(child, folder, { ...access, ...(caCertificate && { caCertificate }) }, file);
      if ((!tls || caCertificate) && (await vault.serves())) return vault;
      if (child.exitCode !== null || Date.now() > deadline) {
        await vault.stop();
        throw new Error(
          `${path} does not answer at ${host}: start it by hand with \`server -dev\` to see why`,
        );
      }
      await sleep(50);
    }
  }

  get address(): string {
    return this.access.address;
  }

  get token(): string {
    return this.access.token;
  }

  /** Of its process. */
  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** A request of the root token's. @returns the answer's document. @throws VaultError */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await sendToVault(this.access, method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.document;
    throw vaultErrorOf(answer);
  }

  /** What stands at a path; undefined when there is nothing. */
  async data(path: string): Promise<Record<string, unknown> | undefined> {
    const answer = await sendToVault(this.access, "GET", path);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw vaultErrorOf(answer);
    return (answer.document as { data: Record<string, unknown> }).data;
  }

  /** Ends the process, and removes its folder. Twice does no harm. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, "exit");
      this.process.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The store comes last: without it the first writes of a test would come too early. */
  private async serves(): Promise<boolean> {
    try {
      return (await this.data("sys/mounts/secret")) !== undefined;
    } catch (error) {
      if (error instanceof VaultUnreachable || this.process.exitCode === null) return false;
      throw error;
    }
  }
}

function certificateIn(folder: string): string | undefined {
  const name = readdirSync(folder).find((file) => file.endsWith("ca.pem"));
  return name && join(folder, name);
}

/** A port of 127.0.0.1 that nothing listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
