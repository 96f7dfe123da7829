import assert from "node:assert/strict";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { SecretRefused, SecretsClient, SecretsUnreachable } from "../../../../consumer/secretsClient";
import { digestOf } from "../../../../services/secrets/access/tokenDigest";
import { freePort } from "../../../support/devVault";

const ROOT = resolve(__dirname, "../../../..");
const TOKEN = "canary-token-0123456789abcdef";

/** The service as it is started by people and pods. */
class Running {
  output = "";
  readonly ended: Promise<number | null>;
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(environment: Record<string, string>, flags: readonly string[] = []) {
    this.child = spawn(
      process.execPath,
      [...flags, "-r", "ts-node/register/transpile-only", "services/secrets/main.ts"],
      { cwd: ROOT, env: { PATH: process.env["PATH"], ...environment }, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (this.output += text));
    }
    this.ended = once(this.child, "close").then(([code]) => code as number | null);
  }

  async listening(): Promise<void> {
    while (!this.output.includes('"listening"')) {
      const event = await Promise.race([once(this.child.stdout, "data"), this.ended]);
      assert.ok(Array.isArray(event), `it ended: ${this.output}`);
    }
  }

  stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

describe("the secrets service as a process", function () {
  this.timeout(120_000);
  let folder: string;
  const started: Running[] = [];

  const start = (environment: Record<string, string>, flags?: readonly string[]): Running => {
    const running = new Running(environment, flags);
    started.push(running);
    return running;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secrets-service-"));
  });

  afterEach(async () => {
    for (const running of started.splice(0)) await running.stop("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  it("ends with exit code 2 and every mistake of its environment, without a value", async () => {
    const running = start({
      PORT: "canary-port",
      SECRETS_STORE: "vault",
      INTERNAL_TOKEN: "canary",
      VAULT_ADDR: "canary",
    });
    assert.equal(await running.ended, 2);
    for (const name of [
      "PORT",
      "INTERNAL_TOKEN",
      "VAULT_ADDR",
      "VAULT_SECRET_PATH",
      "VAULT_KUBERNETES_ROLE",
    ]) {
      assert.match(running.output, new RegExp(`^${name}$`, "m"));
    }
    assert.match(running.output, /^error: 5 mistakes in the environment\./);
    assert.doesNotMatch(running.output, /canary/);
  });

  it("ends with exit code 2 where its files have mistakes, without a value", async () => {
    writeFileSync(join(folder, "values.env"), "JWT KEY canary-value\nB='canary-value");
    const running = start({
      SECRETS_STORE: "file",
      SECRETS_FILE: join(folder, "values.env"),
      INTERNAL_TOKEN: TOKEN,
    });
    assert.equal(await running.ended, 2);
    assert.match(running.output, /values\.env:1\n.*a line without a `=`/);
    assert.match(running.output, /values\.env:2\n.*a quote without its end/);
    assert.doesNotMatch(running.output, /canary/);
  });

  it("serves its sample", async () => {
    const port = await freePort();
    const running = start({ PORT: String(port) }, ["--env-file=services/secrets/sample/environment"]);
    await running.listening();
    const token = "sample-token-of-the-auth-service";
    const client = new SecretsClient({ url: `http://127.0.0.1:${port}/`, token });
    assert.equal(await client.get("SESSION_SIGNING_KEY"), "made-up-session-signing-key");
    assert.equal(await client.find("SESSION_GONE"), undefined);
    await assert.rejects(
      client.get("TELEGRAM_BOT_TOKEN"),
      (error: SecretRefused) => error.code === "key_refused",
    );
    assert.equal(await running.stop(), 0);
  });

  it("serves on after a signal, is no longer ready, and ends without a lost request", async () => {
    const port = await freePort();
    const running = start({
      PORT: String(port),
      SECRETS_STORE: "env",
      SECRETS_ENV_KEYS: "JWT_KEY",
      JWT_KEY: "canary-value",
      INTERNAL_TOKEN: TOKEN,
      DRAIN_SECONDS: "0.5",
      LOG_LEVEL: "debug",
    });
    await running.listening();
    const url = `http://127.0.0.1:${port}`;
    const client = new SecretsClient({ url, token: () => Promise.resolve(TOKEN), retries: 0 });
    let answered = 0;
    const load = async (): Promise<unknown> => {
      for (let count = 0; count < 100_000; count++) {
        try {
          assert.equal(await client.get("JWT_KEY"), "canary-value");
          answered++;
        } catch (error) {
          return error;
        }
      }
      return undefined;
    };
    const loads = Array.from({ length: 4 }, load);
    await sleep(200);
    const ended = running.stop();
    await sleep(100);
    const beforeEnd = answered;
    assert.equal((await fetch(`${url}/readyz`)).status, 503);
    assert.equal(await ended, 0);
    for (const error of await Promise.all(loads))
      assert.ok(error instanceof SecretsUnreachable, String(error));
    assert.ok(answered > beforeEnd, "it did not serve on");
    const lines = running.output.split("\n").filter((line) => line.includes('"kind":"audit"'));
    assert.equal(lines.length, answered);
  });

  it("never writes a value or a token, at its most verbose, whatever goes wrong", async () => {
    const port = await freePort();
    const file = join(folder, "values.json");
    const policy = join(folder, "policy.yaml");
    writeFileSync(file, JSON.stringify({ JWT_KEY: "canary-value" }));
    const callers = { callers: [{ name: "auth", tokens: [`sha256:${digestOf(TOKEN)}`], keys: ["JWT_KEY"] }] };
    writeFileSync(policy, JSON.stringify(callers));
    const running = start({
      PORT: String(port),
      SECRETS_STORE: "file",
      SECRETS_FILE: file,
      POLICY_FILE: policy,
      RELOAD_SECONDS: "0.05",
      DRAIN_SECONDS: "0",
      LOG_LEVEL: "debug",
      NODE_DEBUG: "http",
    });
    await running.listening();
    const url = `http://127.0.0.1:${port}`;
    let seen = "";
    const ask = async (path: string, token: string): Promise<void> => {
      const answer = await fetch(url + path, { headers: { "x-internal-token": token } });
      seen += `${answer.status === 200 && path.startsWith("/secret") ? "" : await answer.text()}${JSON.stringify([...answer.headers])}`;
    };
    await ask("/secret?key=JWT_KEY", TOKEN);
    await ask("/secret?key=JWT_KEY", "canary-wrong-token");
    await ask("/secret?key=canary-value", "JWT_KEY");
    await ask("/secret?key=canary%20value%0a", TOKEN);
    writeFileSync(file, '{"JWT_KEY": "canary-value');
    writeFileSync(policy, "callers: [{ name: canary-caller, tokens: [canary-token], keys: 5 }]");
    await sleep(400);
    await ask("/metrics", TOKEN);
    await ask("/canary-path", TOKEN);
    await running.stop();
    assert.match(running.output, /not whole JSON/);
    assert.match(running.output, /callers\[0\]\.tokens\[0\]/);
    // Node's own tracing shows the header block of an answer, never a body; it is not the service's output.
    const own = running.output.split("\n").filter((line) => !line.startsWith("HTTP "));
    assert.doesNotMatch(own.join("\n"), /canary/);
    assert.doesNotMatch(seen, /canary/);
  });
});
