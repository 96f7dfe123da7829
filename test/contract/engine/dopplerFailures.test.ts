import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { startDopplerEmulator, type DopplerEmulator } from "../../../local/doppler/emulator";
import type { Values } from "../../../provider/definition";
import { EngineServer } from "./engineServer";
import { Provider } from "./provider";

const MODULE = "local/engine/providers/doppler/main.ts";
const ADMIN_TOKEN = `dp.sa.${"admin".repeat(8)}`;
const TOKEN = "doppler:index/serviceToken:ServiceToken";
const INPUTS = { project: "example", config: "dev", name: "a", access: "read" };

describe("the embedded doppler provider, when something is wrong", () => {
  let emulator: DopplerEmulator;
  let engine: EngineServer;
  let provider: Provider;

  beforeEach(async () => {
    emulator = await startDopplerEmulator({ adminToken: ADMIN_TOKEN, rateLimits: "none" });
    engine = new EngineServer();
    provider = await Provider.start(MODULE, await engine.start());
    await configure({});
  });

  afterEach(async () => {
    await provider.stop();
    engine.stop();
    await emulator.close();
  });

  async function configure(args: Values): Promise<void> {
    await provider.configure({ dopplerToken: ADMIN_TOKEN, host: emulator.url, ...args }, ["dopplerToken"]);
  }

  it("says what Doppler says of a wrong token, and never the token", async () => {
    const wrong = `dp.sa.${"wrong".repeat(8)}`;
    await configure({ dopplerToken: wrong });
    await assert.rejects(provider.create(TOKEN, INPUTS), { details: "Doppler Error: Invalid Auth token" });
  });

  it("says that a service token may not provision", async () => {
    const { values } = await provider.create(TOKEN, INPUTS);
    await configure({ dopplerToken: values["key"] });
    await assert.rejects(provider.create(TOKEN, { ...INPUTS, name: "b" }), { details: /^Doppler Error: ./ });
    assert.equal(emulator.tokens().length, 1);
  });

  it("names a config that does not exist", async () => {
    await assert.rejects(provider.create(TOKEN, { ...INPUTS, config: "nope" }), {
      details: "Doppler Error: Could not find requested config 'nope'",
    });
  });

  it("waits as long as the rate limit says, tells so, and goes on", async () => {
    emulator.setFault({ effect: { kind: "rate-limit", retryAfterSeconds: 1 }, calls: 1 });
    const start = performance.now();
    await provider.create(TOKEN, INPUTS);
    assert.ok(performance.now() - start >= 950);
    assert.match(
      engine.lines[0]?.message ?? "",
      /^Doppler Error: Exceeded rate limit.*; trying again in 1 s$/,
    );
  });

  it("repeats at once what Doppler calls retryable, and gives up after ten tries", async () => {
    emulator.setFault({ effect: { kind: "error", status: 500, retryable: true }, calls: 9 });
    await provider.create(TOKEN, INPUTS);
    emulator.setFault({ effect: { kind: "error", status: 500, retryable: true }, calls: 10 });
    await assert.rejects(provider.create(TOKEN, INPUTS), { details: /^Doppler Error: ./ });
  });

  it("does not repeat other errors", async () => {
    emulator.setFault({ effect: { kind: "error", status: 500 }, calls: 1 });
    await assert.rejects(provider.create(TOKEN, INPUTS), { details: /^Doppler Error: ./ });
    emulator.setFault({ effect: { kind: "error", status: 502, html: true }, calls: 1 });
    await assert.rejects(provider.create(TOKEN, INPUTS), { details: /502 status code; \d+ bytes/ });
  });

  it("drops a resource only at 404: an error of another kind is an error", async () => {
    const { id, values } = await provider.create(TOKEN, INPUTS);
    emulator.setFault({ effect: { kind: "error", status: 500 }, calls: 1 });
    await assert.rejects(provider.read(TOKEN, id, values, INPUTS), { details: /^Doppler Error: / });
    assert.equal((await provider.read(TOKEN, "example.nope.slug", values, INPUTS)).id, "");
  });

  it("says which call could not be made when nothing listens", async () => {
    await emulator.close();
    await assert.rejects(provider.create(TOKEN, INPUTS), {
      details: new RegExp(
        `^Doppler Error: Unable to load response\nPOST ${emulator.url}/v3/configs/config/tokens: connect ECONNREFUSED`,
      ),
    });
  });

  it("says so when the connection breaks", async () => {
    emulator.setFault({ effect: { kind: "reset" }, calls: 1 });
    await assert.rejects(provider.create(TOKEN, INPUTS), {
      details: /Unable to load response\nPOST .* (read ECONNRESET|socket hang up)$/,
    });
  });

  it("does not cut off a write that is under way when it is cancelled", async () => {
    emulator.setFault({ effect: { kind: "slow", milliseconds: 600 }, calls: 1 });
    const creation = provider.create(TOKEN, INPUTS);
    await sleep(200);
    await provider.cancel();
    assert.match((await creation).id, /^example\.dev\./);
  });

  it("stops waiting for the rate limit when it is cancelled", async () => {
    emulator.setFault({ effect: { kind: "rate-limit", retryAfterSeconds: 60 } });
    const creation = assert.rejects(provider.create(TOKEN, INPUTS), { details: "cancelled" });
    await sleep(300);
    await provider.cancel();
    await creation;
  });

  it("stops reading when the resource's own timeout is over", async () => {
    const { id, values } = await provider.create(TOKEN, INPUTS);
    emulator.setFault({ effect: { kind: "rate-limit", retryAfterSeconds: 60 } });
    await assert.rejects(provider.create(TOKEN, INPUTS, { timeoutSeconds: 0.3 }), {
      details: /not done within 0\.3/,
    });
    emulator.clearFaults();
    assert.equal((await provider.read(TOKEN, id, values, INPUTS)).id, id);
  });

  it("checks its own configuration without a connection", async () => {
    assert.deepEqual(await provider.checkConfiguration({ dopplerToken: "dp.sa.x" }), []);
    const missing = await provider.checkConfiguration({});
    assert.match(missing.join(), /dopplerToken: .*missing a required configuration key/);
    const slash = await provider.checkConfiguration({ dopplerToken: "x", host: "http://127.0.0.1:1/" });
    assert.match(slash.join(), /host: write a URL without a slash/);
    assert.match(
      (await provider.checkConfiguration({ dopplerToken: "x", token: "y" })).join(),
      /token: Invalid/,
    );
  });
});
