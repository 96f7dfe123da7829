import assert from "node:assert/strict";

import { ADMIN_TOKEN, DopplerProject } from "./dopplerProgram";

describe("Pulumi's engine with the doppler and random providers", () => {
  let doppler: DopplerProject;

  before(async () => {
    doppler = await DopplerProject.create();
  });

  after(async () => {
    await doppler.remove();
  });

  it("previews what is not known yet, and makes nothing", async () => {
    const output = await doppler.project.succeed("preview", "--diff");
    assert.match(output, /key\s*: \[(unknown|secret)\]/);
    assert.match(output, /name\s*: "generation-1"/);
    assert.deepEqual(doppler.tokenNames(), []);
  });

  it("mints the token and writes the secret", async () => {
    const output = await doppler.project.succeed("up");
    assert.match(output, /key\s*: \[secret\]/);
    assert.deepEqual(doppler.tokenNames(), ["generation-1"]);
  });

  it("changes nothing the second time, nor after a refresh", async () => {
    await doppler.project.succeed("up", "--expect-no-changes");
    await doppler.project.succeed("refresh", "--expect-no-changes");
    await doppler.project.succeed("preview", "--refresh", "--expect-no-changes");
  });

  it("mints a new token before it revokes the old one", async () => {
    await doppler.project.succeed("config", "set", "generation", "2");
    doppler.emulator.resetCounters();
    // The old one cannot be revoked: so both are there at the same time, and the engine remembers both.
    doppler.emulator.setFault({ effect: { kind: "error" }, method: "DELETE" });
    assert.match(await doppler.project.fail("up"), /Doppler Error: /);
    assert.deepEqual(doppler.tokenNames(), ["generation-1", "generation-2"]);
    doppler.emulator.clearFaults();
    await doppler.project.succeed("up");
    assert.deepEqual(doppler.tokenNames(), ["generation-2"]);
  });

  it("shows by name what changes, and that it replaces", async () => {
    await doppler.project.succeed("config", "set", "generation", "3");
    const output = await doppler.project.succeed("preview");
    assert.match(output, /ServiceToken token replace \[diff: ~name\]/);
  });

  it("takes note of a token that was revoked by hand", async () => {
    const resources = await doppler.project.resources();
    const token = resources.find(({ type }) => type.endsWith(":ServiceToken"));
    const [, , slug] = (token?.id ?? "").split(".");
    const response = await fetch(`${doppler.emulator.url}/v3/configs/config/tokens/token`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ project: "example", config: "qa", slug }),
    });
    assert.equal(response.status, 200);
    assert.deepEqual(doppler.tokenNames(), []);
    await doppler.project.succeed("up", "--refresh");
    assert.deepEqual(doppler.tokenNames(), ["generation-3"]);
  });

  it("keeps every secret out of what is stored, logged and shown", async () => {
    const key = await doppler.project.succeed("stack", "output", "key", "--show-secrets");
    const password = await doppler.project.succeed("stack", "output", "computed", "--show-secrets");
    assert.match(key, /^dp\.st\./);
    for (const secret of [ADMIN_TOKEN, key.trim(), password.trim()]) {
      assert.ok(secret.length >= 32);
      assert.deepEqual(doppler.project.filesWith(secret), []);
    }
    assert.equal(doppler.project.printed.includes(ADMIN_TOKEN), false);
    assert.equal(doppler.project.printed.split(key.trim()).length - 1, 1);
  });

  it("leaves nothing behind", async () => {
    await doppler.project.succeed("destroy");
    assert.deepEqual(doppler.tokenNames(), []);
    assert.deepEqual(await doppler.project.resources(), []);
  });
});
