import { strict as assert } from "node:assert";
import { DopplerCli } from "./cli";
import { assertRefused, type Answer } from "./api";
import { startEmulated, type Emulated } from "./emulated";

const DOWNLOAD = "/v3/configs/config/secrets/download";
const TOKENS = "/v3/configs/config/tokens";

describe("faults in the Doppler emulator", () => {
  let emulated: Emulated;

  before(async () => {
    emulated = await startEmulated();
  });

  afterEach(() => {
    emulated.emulator.clearFaults();
    emulated.emulator.resetCounters();
  });

  after(() => emulated.emulator.close());

  const download = (config: string): Promise<Answer> =>
    emulated.admin.get(DOWNLOAD, { project: "example", config });

  const assertReset = (call: Promise<unknown>): Promise<void> =>
    assert.rejects(call, (error: Error) => {
      assert.equal((error.cause as { code?: string }).code, "ECONNRESET");
      return true;
    });

  it("answers 500 to all calls until it is cleared", async () => {
    emulated.emulator.setFault({ effect: { kind: "error" } });
    assertRefused(await download("dev"), 500, "An unexpected error occurred");
    assertRefused(await emulated.as(undefined).get("/v3/me"), 500, "An unexpected error occurred");
    emulated.emulator.clearFaults();
    assert.equal((await download("dev")).status, 200);
  });

  it("answers 429 with the time to wait", async () => {
    emulated.emulator.setFault({ effect: { kind: "rate-limit", retryAfterSeconds: 7 } });
    const answer = await download("dev");
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get("retry-after"), "7");
    assert.match(answer.text, /secret read requests within 60 seconds\. Retry in 7 seconds/);
  });

  it("says that a call may be repeated where it is told to", async () => {
    emulated.emulator.setFault({ effect: { kind: "error", status: 503, retryable: true } });
    const { status, json } = await download("dev");
    assert.equal(status, 503);
    assert.deepEqual((json as { data: unknown }).data, { isRetryable: true });
  });

  it("concerns a path, a method, a config or a number of calls", async () => {
    const error = { kind: "error" } as const;
    emulated.emulator.setFault({ effect: error, pathPrefix: TOKENS });
    assert.equal((await download("dev")).status, 200);
    assert.equal((await emulated.admin.get(TOKENS, { project: "example", config: "dev" })).status, 500);
    emulated.emulator.clearFaults();
    emulated.emulator.setFault({ effect: error, method: "POST" });
    assert.equal((await download("dev")).status, 200);
    assert.equal((await emulated.admin.post("/v3/projects", { name: "never" })).status, 500);
    emulated.emulator.clearFaults();
    emulated.emulator.setFault({ effect: error, project: "example", config: "prd", calls: 2 });
    const statuses = [];
    for (const config of ["dev", "prd", "prd", "prd"]) {
      statuses.push((await download(config)).status);
    }
    assert.deepEqual(statuses, [200, 500, 500, 200]);
  });

  it("knows the config of a service token that does not name it", async () => {
    const { key } = await emulated.mint("prd");
    emulated.emulator.setFault({ effect: { kind: "error" }, config: "prd" });
    assert.equal((await emulated.as(key).get(DOWNLOAD)).status, 500);
  });

  it("makes a call slow, which then does what it should", async () => {
    emulated.emulator.setFault({ effect: { kind: "slow", milliseconds: 600 }, calls: 1 });
    const started = performance.now();
    assert.equal((await download("dev")).status, 200);
    assert.ok(performance.now() - started >= 590);
    const again = performance.now();
    await download("dev");
    assert.ok(performance.now() - again < 500);
  });

  it("notes a client that did not wait", async () => {
    emulated.emulator.setFault({ effect: { kind: "slow", milliseconds: 10_000 } });
    const signal = AbortSignal.timeout(500);
    await assert.rejects(emulated.admin.call("GET", "/v3/me", { signal }));
    for (let wait = 0; wait < 500 && emulated.emulator.counters().total.calls === 0; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.deepEqual(emulated.emulator.counters().total.byOutcome, { aborted: 1 });
  });

  it("breaks the connection before a call has its effect", async () => {
    emulated.emulator.setFault({ effect: { kind: "reset" } });
    const before = emulated.emulator.tokens().length;
    await assertReset(emulated.mint("dev"));
    assert.equal(emulated.emulator.tokens().length, before);
    assert.deepEqual(emulated.emulator.counters().total.byOutcome, { reset: 1 });
  });

  it("breaks the connection after a call has had its effect: the token is minted, and nobody knows its key", async () => {
    emulated.emulator.setFault({ effect: { kind: "reset", afterEffect: true }, method: "POST" });
    const before = emulated.emulator.tokens().length;
    await assertReset(emulated.mint("dev"));
    assert.equal(emulated.emulator.tokens().length, before + 1);
    assert.deepEqual(emulated.emulator.counters().total.byOutcome, { reset: 1 });
  });

  it("is switched through the control surface by the service account alone", async () => {
    const fault = { effect: { kind: "error", status: 502 }, calls: 1 };
    const { key } = await emulated.mint("dev", "read/write");
    assertRefused(
      await emulated.as(key).post("/_emulator/faults", fault),
      403,
      "This token does not have permission to control the emulator",
    );
    assertRefused(await emulated.as(undefined).post("/_emulator/faults", fault), 401, "Invalid Auth token");
    assert.equal((await download("dev")).status, 200);
    assert.equal((await emulated.admin.post("/_emulator/faults", fault)).status, 200);
    assert.equal((await download("dev")).status, 502);
  });

  it("refuses a fault that it does not know, and says what is wrong", async () => {
    const wrong = { effect: { kind: "slow" }, pathPrefix: "secrets", call: 1 };
    const answer = await emulated.admin.post("/_emulator/faults", wrong);
    assert.equal(answer.status, 400);
    for (const part of [/'effect\.milliseconds'/, /'pathPrefix'/, /call/]) {
      assert.match(answer.text, part);
    }
  });

  describe("as the Doppler CLI meets them", function () {
    let cli: DopplerCli;

    before(async function () {
      this.timeout(180_000);
      cli = await DopplerCli.install(emulated.emulator.url);
    });

    after(() => cli.remove());

    const get = ["secrets", "get", "JWT_SECRET", "--plain", "--project", "example", "--config", "dev"];

    it("repeats a call after a 429 and after a 500 of a proxy", async () => {
      for (const effect of [{ kind: "rate-limit" }, { kind: "error", html: true }] as const) {
        emulated.emulator.setFault({ effect, calls: 1 });
        const { code, stdout } = await cli.run(emulated.adminToken, ["--attempts", "3", ...get]);
        assert.deepEqual([code, stdout.trim()], [0, "made-up-jwt-value-dev"]);
      }
      assert.equal(emulated.emulator.counters().total.calls, 4);
    });

    it("gives up at a 500 of Doppler's", async () => {
      emulated.emulator.setFault({ effect: { kind: "error" }, calls: 1 });
      const { code, stderr } = await cli.run(emulated.adminToken, ["--attempts", "3", ...get]);
      assert.equal(code, 1);
      assert.match(stderr, /An unexpected error occurred/);
    });

    it("runs a command from its fallback while Doppler is down", async () => {
      const { key } = await emulated.mint("staging");
      const run = ["run", "--", "printenv", "JWT_SECRET"];
      assert.equal((await cli.run(key, run)).code, 0);
      emulated.emulator.setFault({ effect: { kind: "reset" } });
      const { code, stdout } = await cli.run(key, run);
      assert.deepEqual([code, stdout], [0, "made-up-jwt-value-staging\n"]);
    });
  });
});
