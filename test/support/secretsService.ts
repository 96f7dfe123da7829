import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Log } from "../../services/secrets/log";
import { startService } from "../../services/secrets/service";
import { readSettings } from "../../services/secrets/settings";

/** An answer of the service. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The service inside of this process, on a free port of 127.0.0.1, with a folder for its files. */
export class TestService {
  private ended: Promise<void> | undefined;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 64 });

  private constructor(
    readonly url: string,
    readonly folder: string,
    private readonly end: () => Promise<void>,
  ) {}

  /** @param environment besides what a test always has: short waits, and every line of the log */
  static async start(
    environment: Record<string, string>,
    folder = mkdtempSync(join(tmpdir(), "secrets-service-")),
  ): Promise<TestService> {
    const settings = readSettings({
      PORT: "0",
      DRAIN_SECONDS: "0",
      RELOAD_SECONDS: "0.05",
      LOG_LEVEL: "debug",
      WRONG_TOKENS_PER_MINUTE: "1000000",
      ...environment,
    });
    const descriptor = openSync(join(folder, "output"), "a");
    const service = await startService(settings, new Log(settings.logLevel, descriptor));
    return new TestService(service.url, folder, async () => {
      await service.stop();
      closeSync(descriptor);
    });
  }

  /** GET of a key. @param token undefined: none is shown */
  read(key: string, token?: string): Promise<ServiceAnswer> {
    const headers = token === undefined ? {} : { "x-internal-token": token };
    return this.send("GET", `/secret?key=${encodeURIComponent(key)}`, headers);
  }

  send(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string,
  ): Promise<ServiceAnswer> {
    return new Promise((resolve, reject) => {
      const sent = request(this.url, { method, path, headers, agent: this.agent }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** Value of a metric without labels. */
  async metric(name: string): Promise<number> {
    const { body } = await this.send("GET", "/metrics");
    return Number(new RegExp(`^${name} (.*)$`, "m").exec(body)?.[1]);
  }

  /** What it wrote; whole after `stop`. */
  output(): string {
    return readFileSync(join(this.folder, "output"), "utf8");
  }

  /** Twice does no harm. */
  stop(): Promise<void> {
    this.agent.destroy();
    return (this.ended ??= this.end());
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Waits until something holds. @throws Error after five seconds */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("it never came to hold");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
