import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { ADMIN_TOKEN, DopplerProject } from "./dopplerProgram";
import { childrenOf, waitUntilGone } from "./processes";

const TOKENS = "/v3/configs/config/tokens";

describe("Pulumi's engine, when an update does not go through", () => {
  let doppler: DopplerProject;

  beforeEach(async () => {
    doppler = await DopplerProject.create();
  });

  afterEach(async () => {
    await doppler.remove();
  });

  /** Starts an update, and waits until its call for a token has reached Doppler. */
  async function upUntilMinting(slowMilliseconds: number) {
    doppler.emulator.setFault({
      effect: { kind: "slow", milliseconds: slowMilliseconds },
      method: "POST",
      pathPrefix: TOKENS,
      calls: 1,
    });
    const up = doppler.project.start("up");
    while (!(await doppler.faultsAreOver())) {
      assert.equal(up.exitCode, null, "the update ended before it minted a token");
      await sleep(100);
    }
    return up;
  }

  it("says what is wrong with a token, makes nothing, and goes on once it is right", async () => {
    await doppler.project.succeed(
      "config",
      "set",
      "--secret",
      "token",
      ADMIN_TOKEN.replaceAll("canary", "wrong0"),
    );
    assert.match(await doppler.project.fail("up"), /Doppler Error: Invalid Auth token/);
    assert.deepEqual(doppler.tokenNames(), []);
    await doppler.project.succeed("config", "set", "--secret", "token", ADMIN_TOKEN);
    await doppler.project.succeed("up");
    assert.deepEqual(doppler.tokenNames(), ["generation-1"]);
  });

  it("stops before it makes anything when an argument is wrong", async () => {
    await doppler.project.succeed("config", "set", "access", "everything");
    const output = await doppler.project.fail("up");
    assert.match(output, /expected access to be one of "read", "read\/write"/);
    assert.deepEqual(doppler.tokenNames(), []);
  });

  it("remembers what was made when the rest of it failed, and finishes it the next time", async () => {
    // The secret is written, but cannot be read back.
    doppler.emulator.setFault({
      effect: { kind: "error" },
      method: "GET",
      pathPrefix: "/v3/configs/config/secret",
      calls: 1,
    });
    assert.match(await doppler.project.fail("up"), /Doppler Error: /);
    const secret = async () => {
      const resources = await doppler.project.resources();
      return resources.find(({ type }) => type.endsWith(":Secret"));
    };
    const half = await secret();
    assert.equal(half?.id, "example.qa.PASSWORD");
    assert.equal(half.initErrors?.length, 1);
    await doppler.project.succeed("up");
    const whole = await secret();
    assert.equal(whole?.initErrors, undefined);
    assert.equal(typeof whole?.outputs?.["computed"], "object");
  });

  it("waits for a token that is being minted when it is cancelled, and remembers it", async () => {
    const up = await upUntilMinting(2000);
    up.kill("SIGINT");
    await once(up, "exit");
    assert.deepEqual(doppler.tokenNames(), ["generation-1"]);
    const types = (await doppler.project.resources()).map(({ type }) => type);
    assert.ok(types.includes("doppler:index/serviceToken:ServiceToken"));
    await doppler.project.succeed("destroy");
    assert.deepEqual(doppler.tokenNames(), []);
  });

  it("leaves no process behind when it is killed, and converges afterwards", async () => {
    const up = await upUntilMinting(60_000);
    const children = childrenOf(up.pid ?? 0);
    // The language host and its program, the doppler provider, the random provider.
    assert.ok(children.length >= 3, `only ${children.length} child processes`);
    up.kill("SIGKILL");
    await waitUntilGone(children);
    doppler.emulator.clearFaults();
    await doppler.project.succeed("cancel");
    await doppler.project.succeed("up");
    await doppler.project.succeed("up", "--expect-no-changes");
    assert.ok(doppler.tokenNames().includes("generation-1"));
  });
});
