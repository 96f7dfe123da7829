import { ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendToVault, VaultUnreachable, vaultErrorOf } from "../../../clients/vaultHttp";
import { NODE_ADDRESS } from "../../../local/node/namespace";
import { eventually } from "./embedded";

interface Answer {
  status: number;
  document: unknown;
}

/** A server of OpenBao that keeps its data on disk, so that it can be sealed, ended and started again. */
export class OpenBaoServer {
  readonly address: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "openbao-"));
  private process: ChildProcess | undefined;
  private key = "";
  private rootToken = "";

  /** @param port on the node's own address, where its pods reach it */
  constructor(
    private readonly port: number,
    private readonly logs: string,
  ) {
    this.address = `http://${NODE_ADDRESS}:${port}`;
    mkdirSync(join(this.folder, "data"));
    const configuration = {
      storage: { raft: { path: join(this.folder, "data"), node_id: "one" } },
      listener: { tcp: { address: `${NODE_ADDRESS}:${port}`, tls_disable: true } },
      api_addr: this.address,
      cluster_addr: `http://${NODE_ADDRESS}:${port + 1}`,
    };
    writeFileSync(join(this.folder, "server.json"), JSON.stringify(configuration));
  }

  /** The root token, once the server was initialized. */
  get token(): string {
    return this.rootToken;
  }

  /** Starts the process, and waits until it answers. Whether it is sealed is another question. */
  async start(): Promise<void> {
    const log = openSync(join(this.logs, `openbao-${this.port}.log`), "a", 0o600);
    this.process = spawn("bao", ["server", `-config=${join(this.folder, "server.json")}`], {
      stdio: ["ignore", log, log],
      env: { ...process.env, HOME: this.folder },
    });
    await eventually("OpenBao answers", 30, () =>
      sendToVault({ address: this.address }, "GET", "sys/seal-status").then(
        () => true,
        (error: unknown) => {
          if (error instanceof VaultUnreachable) return false;
          throw error;
        },
      ),
    );
  }

  /** Makes its keys; it is sealed afterwards. */
  async initialize(): Promise<void> {
    const { keys, root_token: token } = (await this.call("PUT", "sys/init", {
      secret_shares: 1,
      secret_threshold: 1,
    })) as { keys: [string]; root_token: string };
    this.key = keys[0];
    this.rootToken = token;
  }

  async unseal(): Promise<void> {
    await this.call("PUT", "sys/unseal", { key: this.key });
    await eventually("OpenBao serves", 30, async () => (await this.send("GET", "sys/health")).status === 200);
  }

  async seal(): Promise<void> {
    await this.call("PUT", "sys/seal");
  }

  /** Ends the process and waits for its end. */
  async stop(): Promise<void> {
    const { process: child } = this;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Mounts the KV store `secret`, and waits until it takes values. */
  async mountSecrets(): Promise<void> {
    await this.call("POST", "sys/mounts/secret", { type: "kv", options: { version: "2" } });
    await eventually("the KV store is ready", 30, async () => {
      return (await this.send("GET", "secret/config")).status === 200;
    });
  }

  /** Writes a new version of a secret of the KV store `secret`. */
  async put(path: string, data: Record<string, unknown>): Promise<void> {
    await this.call("POST", `secret/data/${path}`, { data });
  }

  /** The newest version of a secret; undefined when there is none. */
  async get(path: string): Promise<Record<string, unknown> | undefined> {
    const { document, status } = await this.send("GET", `secret/data/${path}`);
    return status === 404 ? undefined : (document as { data: { data: Record<string, unknown> } }).data.data;
  }

  /** The status that a reader gets with a token of its own. */
  async statusFor(token: string, path: string): Promise<number> {
    return (await sendToVault({ address: this.address, token }, "GET", `secret/data/${path}`)).status;
  }

  /** The logins of a role that count still: the list of policies of each, by accessor. */
  async loginsOf(role: string): Promise<Map<string, readonly string[]>> {
    const { data } = (await this.call("GET", "auth/token/accessors?list=true")) as {
      data: { keys: string[] };
    };
    const found = new Map<string, readonly string[]>();
    for (const accessor of data.keys) {
      const { document } = await this.send("POST", "auth/token/lookup-accessor", { accessor });
      const token = (document as { data?: { policies: string[]; meta: Record<string, string> | null } }).data;
      if (token?.meta?.["role"] === role) found.set(accessor, token.policies);
    }
    return found;
  }

  /** Ends all logins of a role. */
  async revokeTokensOf(role: string): Promise<void> {
    for (const accessor of (await this.loginsOf(role)).keys()) {
      await this.call("POST", "auth/token/revoke-accessor", { accessor });
    }
  }

  /** Any request of the root token's. @throws VaultError */
  async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.send(method, path, body);
    if (answer.status >= 200 && answer.status < 300) return answer.document;
    throw vaultErrorOf(answer);
  }

  private send(method: string, path: string, body?: object): Promise<Answer> {
    const { address, rootToken: token } = this;
    return sendToVault({ address, ...(token ? { token } : {}) }, method, path, body);
  }
}
