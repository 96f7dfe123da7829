import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { folderSource } from "../../../../services/secrets/stores/valueFolder";
import { MountedSecret } from "../../../support/mountedSecret";
import { eventually, TestService } from "../../../support/secretsService";
import { GENERATION_KEYS } from "./switching";

const TOKEN = "folder-token-0123456789abcdef";

describe("the secrets service's folder of values", () => {
  let folder: string;
  let service: TestService | undefined;

  const start = (path: string): Promise<TestService> =>
    TestService.start({ SECRETS_STORE: "file", SECRETS_FILE: path, INTERNAL_TOKEN: TOKEN }, folder);
  const value = async (key: string): Promise<string | number> => {
    const { status, body } = (await service?.read(key, TOKEN)) ?? { status: 0, body: "" };
    return status === 200 ? (JSON.parse(body) as { value: string }).value : status;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "secrets-service-"));
  });

  afterEach(async () => {
    await service?.stop();
    service = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it("gives each file's whole content, and leaves out what is no key", async () => {
    const values = {
      PLAIN: "text",
      LINES: " first\r\nsecond \n",
      MARK: "\uFEFFtext",
      EMPTY: "",
      UMLAUT: "schlüssel",
    };
    const path = join(folder, "mounted");
    new MountedSecret(path, { ...values, ".dockerconfigjson": "canary-of-a-hidden-file" });
    service = await start(path);
    for (const [key, text] of Object.entries(values)) assert.equal(await value(key), text, key);
    for (const key of [".dockerconfigjson", "..data", "..version-1"])
      assert.equal(await value(key), 404, key);
  });

  it("is read as it is without a kubelet's links, folders in it left out, and followed when it changes", async () => {
    const path = join(folder, "plain");
    mkdirSync(join(path, "INNER"), { recursive: true });
    writeFileSync(join(path, "FIRST"), "first");
    service = await start(path);
    assert.equal(await value("FIRST"), "first");
    assert.equal(await value("INNER"), 404);
    writeFileSync(join(path, "SECOND"), "second");
    await eventually(async () => (await value("SECOND")) === "second");
    unlinkSync(join(path, "FIRST"));
    await eventually(async () => (await value("FIRST")) === 404);
  });

  it("knows a key no longer whose file is gone after a switch, and a new one", async () => {
    const mounted = new MountedSecret(join(folder, "mounted"), { STAYS: "1", GOES: "1" });
    service = await start(join(folder, "mounted"));
    assert.equal(await value("GOES"), "1");
    mounted.switch({ STAYS: "2", COMES: "2" });
    await eventually(async () => (await value("STAYS")) === "2");
    assert.equal(await value("GOES"), 404);
    assert.equal(await value("COMES"), "2");
  });

  it("may become unreadable: all values of before are served, and it is said", async () => {
    const mounted = new MountedSecret(join(folder, "mounted"), { FIRST: "1", SECOND: "1" });
    service = await start(join(folder, "mounted"));
    const hasFailed = (count: number): Promise<void> =>
      eventually(async () => (await service?.metric("secrets_store_read_failures_total")) === count);
    const isServed = async (): Promise<void> => {
      assert.deepEqual([await value("FIRST"), await value("SECOND")], ["1", "1"]);
      assert.equal(await service?.metric("secrets_store_stale"), 1);
    };
    mounted.switch({ FIRST: "2", SECOND: Buffer.from("canary-of-bytes\xff", "latin1") });
    await hasFailed(1);
    await isServed();
    mounted.switch({});
    await hasFailed(2);
    await isServed();
    unlinkSync(mounted.path("..data"));
    await hasFailed(3);
    await isServed();
    mounted.switch({ FIRST: "3", SECOND: "3" });
    await eventually(async () => (await value("FIRST")) === "3");
    assert.equal(await service.metric("secrets_store_stale"), 0);
    await service.stop();
    assert.match(service.output(), /version-2\/SECOND.*UTF-8/);
    assert.match(service.output(), /no key/);
    assert.doesNotMatch(service.output(), /canary/);
  });

  it("may forbid a file: the values of before are served", async () => {
    const mounted = new MountedSecret(join(folder, "mounted"), { FIRST: "1" });
    service = await start(join(folder, "mounted"));
    chmodSync(folder, 0o755);
    chmodSync(mounted.path("FIRST"), 0o000);
    // Nothing is forbidden to root: it becomes somebody else for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await eventually(async () => (await service?.metric("secrets_store_stale")) === 1);
      assert.equal(await value("FIRST"), "1");
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it("is refused at the start with every mistake in it, and no value", async () => {
    const path = join(folder, "plain");
    mkdirSync(path);
    await assert.rejects(start(path), /no key/);
    for (const name of ["FIRST", "SECOND"])
      writeFileSync(join(path, name), Buffer.from("canary\xff", "latin1"));
    await assert.rejects(start(path), (error: Error) => {
      assert.match(error.message, /2 mistakes in the folder of values[^]*FIRST[^]*SECOND/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });

  it("is read whole while another process switches it without a pause", async () => {
    const path = join(folder, "mounted");
    const source = folderSource(path);
    const switching = spawn(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", join(__dirname, "switching.ts"), path],
      { stdio: ["ignore", "inherit", "inherit"] },
    );
    const ended = once(switching, "exit");
    await eventually(() => Promise.resolve(existsSync(join(path, "..data"))));
    const seen = new Set<string>();
    while (switching.exitCode === null && switching.signalCode === null) {
      const values = valuesUnlessSwitched(source);
      if (values !== undefined) {
        assert.equal(values.size, GENERATION_KEYS);
        assert.equal(new Set(values.values()).size, 1);
        seen.add([...values.values()].join());
      }
      await nextTurn();
    }
    assert.deepEqual(await ended, [0, null]);
    assert.ok(seen.size > 10, `only ${seen.size} generations were read`);
  });

  it("rotates under load: no request fails, and no older value comes after a newer one", async () => {
    const mounted = new MountedSecret(join(folder, "mounted"), { FIRST: "0", SECOND: "0" });
    service = await start(join(folder, "mounted"));
    let isOver = false;
    const seen = new Set<string | number>();
    const load = Array.from({ length: 8 }, async () => {
      let newest = 0;
      while (!isOver) {
        // Both are of one generation, or the second one of a later one.
        for (const key of ["FIRST", "SECOND"]) {
          const found = await value(key);
          seen.add(found);
          assert.ok(typeof found === "string" && Number(found) >= newest, `${found} after ${newest}`);
          newest = Number(found);
        }
      }
    });
    for (let round = 1; round <= 5; round++) {
      mounted.switch({ FIRST: String(round), SECOND: String(round) });
      await eventually(async () => (await value("SECOND")) === String(round));
      await sleep(50);
    }
    isOver = true;
    await Promise.all(load);
    assert.deepEqual([...seen].sort(), ["0", "1", "2", "3", "4", "5"]);
  });
});

/** Undefined: the folder was switched each time that it was read. */
function valuesUnlessSwitched(
  source: ReturnType<typeof folderSource>,
): ReadonlyMap<string, string> | undefined {
  try {
    return source.read();
  } catch (error) {
    assert.match((error as Error).message, /it was switched each of/);
    return undefined;
  }
}
