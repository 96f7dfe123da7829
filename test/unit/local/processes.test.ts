import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { childOf, end, identify, isRunning, kill, waitForChild } from "../../../local/node/processes";
import type { ProcessIdentity } from "../../../local/node/processes";

const STUBBORN = "process.on('SIGTERM', () => 0); console.log('ready'); setInterval(() => 0, 1000)";

describe("processes", function () {
  const started: ChildProcess[] = [];

  before(function () {
    // They are told apart by what only Linux shows.
    if (process.platform !== "linux") this.skip();
  });

  afterEach(() => {
    for (const child of started.splice(0)) child.kill("SIGKILL");
  });

  async function start(command: string, ...commandArguments: string[]): Promise<ProcessIdentity> {
    const child = spawn(command, commandArguments, { stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    const identity = await identify(child.pid ?? 0);
    assert.ok(identity);
    return identity;
  }

  it("are running until they are ended", async () => {
    const sleeping = await start("sleep", "60");
    assert.equal(await isRunning(sleeping), true);
    await end(sleeping, 5_000);
    assert.equal(await isRunning(sleeping), false);
  });

  it("are not mistaken for a later one of the same id, which is left alone", async () => {
    const sleeping = await start("sleep", "60");
    const earlier = { ...sleeping, startTicks: sleeping.startTicks - 1 };
    const beforeBoot = { ...sleeping, boot: "another" };
    for (const other of [earlier, beforeBoot]) {
      assert.equal(await isRunning(other), false);
      await end(other, 0);
      await kill(other);
    }
    assert.equal(await isRunning(sleeping), true);
  });

  it("are killed when they do not end by themselves", async () => {
    const child = spawn(process.execPath, ["-e", STUBBORN], { stdio: ["ignore", "pipe", "inherit"] });
    started.push(child);
    await new Promise((resolve) => child.stdout.once("data", resolve));
    const stubborn = await identify(child.pid ?? 0);
    assert.ok(stubborn);
    const exit = once(child, "exit");
    await end(stubborn, 200);
    assert.equal(await isRunning(stubborn), false);
    assert.deepEqual(await exit, [null, "SIGKILL"]);
  });

  it("are found by their parent", async () => {
    const shell = await start("sh", "-c", "sleep 60 & wait");
    const sleeping = await waitForChild(shell, 5_000);
    assert.deepEqual(await childOf(shell), sleeping);
    assert.equal(await childOf(sleeping), undefined);
    await kill(sleeping);
  });

  it("are reported when they end before they start anything", async () => {
    const nothing = await start("sleep", "0.5");
    await assert.rejects(waitForChild(nothing, 5_000), /ended before it could be noticed/);
  });

  it("have no identity when there is none", async () => {
    assert.equal(await identify(2 ** 22 + 1), undefined);
  });
});
