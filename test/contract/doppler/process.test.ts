import { strict as assert } from "node:assert";
import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { newServiceAccountKey } from "../../../local/doppler/access/tokens";
import { DopplerEmulatorClient } from "../../../local/doppler/client";

const ROOT = resolve(__dirname, "../../..");

class Running {
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(args: readonly string[], token: string | undefined) {
    this.#child = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", "local/doppler/main.ts", ...args],
      {
        cwd: ROOT,
        env: { PATH: process.env.PATH, ...(token === undefined ? {} : { DOPPLER_EMULATOR_TOKEN: token }) },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => (this.stdout += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (this.stderr += text));
    this.ended = once(this.#child, "close").then(([code]) => code as number | null);
  }

  /** Waits for the line with the address. */
  async url(): Promise<string> {
    while (!this.stdout.includes("\n")) {
      const event = await Promise.race([once(this.#child.stdout, "data"), this.ended]);
      assert.ok(Array.isArray(event), `it ended: ${this.stderr}`);
    }
    return this.stdout.trim().replace(/^Doppler emulator listening on /, "");
  }

  stop(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

describe("the Doppler emulator as a process", function () {
  // A machine that is busy with builds starts processes slowly.
  this.timeout(120_000);
  const started: Running[] = [];
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "doppler-emulator-"));
  });

  after(() => rm(folder, { recursive: true }));

  afterEach(async () => {
    for (const running of started.splice(0)) {
      running.stop("SIGKILL");
      await running.ended;
    }
  });

  const start = (args: string[], token: string | undefined = newServiceAccountKey()): Running => {
    const running = new Running(args, token);
    started.push(running);
    return running;
  };

  it("says its address in one line, logs calls without what is secret, and ends on SIGTERM", async () => {
    const token = newServiceAccountKey();
    const emulator = start(["--plan", "developer"], token);
    const url = await emulator.url();
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const client = new DopplerEmulatorClient(url, token);
    assert.ok(await client.healthy());
    const { key, slug } = await client.mintServiceToken("example", "dev", "process");
    assert.equal((await client.secrets("example", "dev")).JWT_SECRET, "made-up-jwt-value-dev");
    emulator.stop("SIGTERM");
    assert.equal(await emulator.ended, 0);
    assert.equal(await client.healthy(), false);
    assert.equal(emulator.stdout, `Doppler emulator listening on ${url}\n`);
    const lines = emulator.stderr.trim().split("\n");
    const last = JSON.parse(lines.at(-1) ?? "") as Record<string, unknown>;
    assert.deepEqual(
      [last.method, last.path, last.project, last.config, last.outcome, last.token],
      ["GET", "/v3/configs/config/secrets/download", "example", "dev", "200", "service-account admin"],
    );
    assert.equal(lines.length, 2);
    for (const secret of [token, key, slug, "made-up-jwt-value-dev"]) {
      assert.ok(!emulator.stderr.includes(secret));
    }
  });

  it("ends on SIGINT while a call is still waiting", async () => {
    const token = newServiceAccountKey();
    const emulator = start([], token);
    const client = new DopplerEmulatorClient(await emulator.url(), token);
    await client.setFault({ effect: { kind: "slow", milliseconds: 60_000 } });
    const waiting = assert.rejects(client.secrets("example", "dev"));
    await new Promise((done) => setTimeout(done, 200));
    const stopped = performance.now();
    emulator.stop("SIGINT");
    assert.equal(await emulator.ended, 0);
    assert.ok(performance.now() - stopped < 5_000);
    await waiting;
  });

  it("is controlled from another process", async () => {
    const token = newServiceAccountKey();
    const url = await start([], token).url();
    const client = new DopplerEmulatorClient(url, token);
    await client.setSecret("example", "prd", "FROM_OUTSIDE", "set");
    assert.equal((await client.secrets("example", "prd")).FROM_OUTSIDE, "set");
    await client.setSecret("example", "prd", "FROM_OUTSIDE", null);
    assert.equal((await client.secrets("example", "prd")).FROM_OUTSIDE, undefined);
    const { slug, key } = await client.mintServiceToken("example", "prd", "outside", "read/write");
    const [listed] = await client.tokens();
    assert.deepEqual(
      [listed?.slug, listed?.name, listed?.project, listed?.config, listed?.access, listed?.lastSeenAt],
      [slug, "outside", "example", "prd", "read/write", null],
    );
    assert.ok(!JSON.stringify(listed).includes(key));
    await client.revokeServiceToken("example", "prd", slug);
    assert.deepEqual(await client.tokens(), []);
    const counts = (await client.counters()).byConfig["example.prd"];
    assert.deepEqual(counts?.byKind, { read: 0, "secret read": 2, write: 2 });
    await client.resetCounters();
    assert.equal((await client.counters()).total.calls, 0);
    const fault = { effect: { kind: "error" }, config: "prd", calls: 3 } as const;
    await client.setFault(fault);
    await assert.rejects(client.secrets("example", "prd"), /500 .*An unexpected error occurred/);
    assert.deepEqual(await client.faults(), [{ ...fault, calls: 2 }]);
    await client.clearFaults();
    assert.deepEqual(await client.faults(), []);
    await assert.rejects(
      client.setSecret("example", "nowhere", "A", "b"),
      /PUT \/_emulator\/secrets: 404 .*Could not find requested config 'nowhere'/,
    );
    const stranger = new DopplerEmulatorClient(url, newServiceAccountKey());
    await assert.rejects(stranger.tokens(), /401 .*Invalid Auth token/);
  });

  it("starts with other data", async () => {
    const seed = join(folder, "seed.yaml");
    await writeFile(
      seed,
      "projects: [{ name: mine, environments: [{ name: Only, slug: only, secrets: { A: b, C: { generate: 8 } } }] }]\n",
    );
    const token = newServiceAccountKey();
    const client = new DopplerEmulatorClient(await start(["--seed", seed], token).url(), token);
    const { A, C } = await client.secrets("mine", "only");
    assert.equal(A, "b");
    assert.match(C ?? "", /^[0-9a-f]{16}$/);
  });

  it("explains itself with examples", async () => {
    const help = start(["--help"], "");
    assert.equal(await help.ended, 0);
    for (const part of ["--port <number>", "DOPPLER_EMULATOR_TOKEN", "Examples:"]) {
      assert.ok(help.stdout.includes(part), part);
    }
  });

  it("refuses wrong flags with exit code 2", async () => {
    await assertAllRefused(2, [
      [["--prot", "1"], /unknown option '--prot'/],
      [["--port", "70000"], /'70000' is invalid.*whole number from 0 to 65535/],
      [["--plan", "free"], /'free' is invalid.*developer, team, enterprise, none/],
      [["extra"], /too many arguments/],
    ]);
  });

  it("refuses to start without a good admin token, and does not repeat a bad one", async () => {
    const bad = "dp.sa.too-short-to-be-one";
    const none = new Running([], undefined);
    const wrong = new Running([], bad);
    started.push(none, wrong);
    assert.deepEqual([await none.ended, await wrong.ended], [2, 2]);
    assert.match(none.stderr, /DOPPLER_EMULATOR_TOKEN is not set: set it to dp\.sa\./);
    assert.match(wrong.stderr, /DOPPLER_EMULATOR_TOKEN is not of the form of a service account token/);
    assert.ok(!wrong.stderr.includes(bad));
  });

  it("says why it cannot start: a seed that is not there, one that is wrong, an address that is taken", async () => {
    const seed = join(folder, "wrong.yaml");
    await writeFile(
      seed,
      "projects: [{ name: mine, environment: [], environments: [{ slug: x, secrets: { A: 4711 } }] }]\n",
    );
    const { port } = new URL(await start([]).url());
    const [, , wrong] = await assertAllRefused(1, [
      [["--port", port], /^error: .*EADDRINUSE.*\n$/],
      [["--seed", join(folder, "nowhere.yaml")], /^error: ENOENT: .*nowhere\.yaml/],
      [["--seed", seed], /^error: Seed file .*wrong\.yaml is not valid/],
    ]);
    for (const part of [
      "projects.0.environments.0.name",
      "projects.0.environments.0.secrets.A: must be a text, or { generate: N }",
      'projects.0: Unrecognized key: "environment"',
    ]) {
      assert.ok(wrong?.stderr.includes(part), part);
    }
    assert.ok(!wrong?.stderr.includes("4711"));
  });

  function assertAllRefused(
    code: number,
    refusals: readonly (readonly [string[], RegExp])[],
  ): Promise<Running[]> {
    return Promise.all(
      refusals.map(async ([args, message]) => {
        const refused = start(args);
        assert.equal(await refused.ended, code, refused.stderr);
        assert.match(refused.stderr, message);
        assert.equal(refused.stdout, "");
        return refused;
      }),
    );
  }
});
