import assert from "node:assert/strict";

import { VaultClient, VaultError } from "../../../clients/vault";
import { isPlaceholder } from "../../../clients/vaultPlaceholders";
import { DevVault } from "../../support/devVault";
import { startFront } from "./front";
import { rejectionOf } from "./rejectionOf";

const OWNER = "organization/secrets-platform/dev";
const MARK = { "secrets-platform-placeholder": OWNER };
const MADE_UP = { username: "made-up-name", password: "made-up-canary" };

const isMadeUp = (value: unknown): boolean => String(value).startsWith("made-up-");

/** Somebody writes while placeholders are on their way: after the mark, before the values. */
class OvertakenClient extends VaultClient {
  constructor(
    readonly vault: DevVault,
    readonly others: Record<string, string>,
  ) {
    super(vault.access);
  }

  override async writeIfAbsent(
    mount: string,
    path: string,
    values: Record<string, string>,
  ): Promise<boolean> {
    assert.deepEqual((await this.kvMetadata(mount, path))?.customMetadata, MARK);
    await this.vault.call("POST", `${mount}/data/${path}`, { data: this.others });
    return super.writeIfAbsent(mount, path, values);
  }
}

describe("VaultClient.writePlaceholders", () => {
  let vault: DevVault;
  let client: VaultClient;

  before(async () => {
    vault = await DevVault.start();
    client = new VaultClient(vault.access);
  });

  after(async () => {
    await vault.stop();
  });

  async function valuesAt(path: string): Promise<unknown> {
    return (await vault.data(`secret/data/${path}`))?.["data"];
  }

  it("writes once, with a mark, which is no longer one when somebody writes", async () => {
    await client.writePlaceholders("secret", "new/app", MADE_UP, OWNER, isMadeUp);
    const metadata = await client.kvMetadata("secret", "new/app");
    assert.equal(metadata?.currentVersion, 1);
    assert.deepEqual(metadata.customMetadata, MARK);
    assert.equal(isPlaceholder(metadata), true);
    assert.deepEqual(await valuesAt("new/app"), MADE_UP);

    await client.writePlaceholders("secret", "new/app", { username: "another" }, OWNER, isMadeUp);
    assert.equal((await client.kvMetadata("secret", "new/app"))?.currentVersion, 1);
    assert.deepEqual(await valuesAt("new/app"), MADE_UP);

    await vault.call("POST", "secret/data/new/app", { data: { username: "real" } });
    assert.equal(isPlaceholder(await client.kvMetadata("secret", "new/app")), false);
  });

  it("never writes over a value, nor marks it", async () => {
    await vault.call("POST", "secret/data/old/app", { data: { username: "real" } });
    await client.writePlaceholders("secret", "old/app", MADE_UP, OWNER, isMadeUp);
    assert.deepEqual(await valuesAt("old/app"), { username: "real" });
    assert.deepEqual((await client.kvMetadata("secret", "old/app"))?.customMetadata, {});
  });

  it("leaves a value that was written meanwhile, and takes the mark back", async () => {
    const overtaken = new OvertakenClient(vault, { username: "real" });
    await overtaken.writePlaceholders("secret", "raced/app", MADE_UP, OWNER, isMadeUp);
    const metadata = await client.kvMetadata("secret", "raced/app");
    assert.equal(metadata?.currentVersion, 1);
    assert.deepEqual(metadata.customMetadata, {});
    assert.equal(isPlaceholder(metadata), false);
    assert.deepEqual(await valuesAt("raced/app"), { username: "real" });
  });

  it("keeps metadata that somebody else wrote before there was any value", async () => {
    await vault.call("POST", "secret/metadata/described/app", { custom_metadata: { team: "shop" } });
    await client.writePlaceholders("secret", "described/app", MADE_UP, OWNER, isMadeUp);
    const { customMetadata } = (await client.kvMetadata("secret", "described/app")) ?? {};
    assert.deepEqual(customMetadata, { team: "shop", ...MARK });
  });

  it("goes on where an earlier run died between the mark and the values", async () => {
    await vault.call("POST", "secret/metadata/half/app", { custom_metadata: MARK });
    assert.equal(isPlaceholder(await client.kvMetadata("secret", "half/app")), true);
    await client.writePlaceholders("secret", "half/app", MADE_UP, OWNER, isMadeUp);
    assert.deepEqual(await valuesAt("half/app"), MADE_UP);
  });

  it("takes a value for somebody's own that was written after an earlier run had died at the mark", async () => {
    await vault.call("POST", "secret/metadata/theirs/app", { custom_metadata: MARK });
    await vault.call("POST", "secret/data/theirs/app", { data: { username: "real" } });
    await client.writePlaceholders("secret", "theirs/app", MADE_UP, OWNER, isMadeUp);
    assert.equal(isPlaceholder(await client.kvMetadata("secret", "theirs/app")), false);
    assert.deepEqual(await valuesAt("theirs/app"), { username: "real" });
  });

  it("says that there is no such store", async () => {
    const error = await rejectionOf(client.writePlaceholders("nowhere", "a", MADE_UP, OWNER, isMadeUp));
    assert.ok(error instanceof VaultError);
    assert.equal(error.status, 404);
    assert.match(error.message, /no handler for route "nowhere\/metadata\/a"/);
  });

  it("knows its own values when the answer to their write was lost, and keeps the mark", async () => {
    const front = await startFront(vault.address);
    try {
      const flaky = new VaultClient({ ...vault.access, address: front.address });
      // Metadata, the mark, the values.
      front.faults.push("none", "none", "loses-answer");
      await flaky.writePlaceholders("secret", "lost/app", MADE_UP, OWNER, isMadeUp);
      assert.equal(front.faults.length, 0);
      assert.equal(isPlaceholder(await client.kvMetadata("secret", "lost/app")), true);
    } finally {
      front.stop();
    }
  });
});
