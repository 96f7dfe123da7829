import { strict as assert } from "node:assert";
import { assertRefused, type Api } from "./api";
import { startEmulated, type Emulated } from "./emulated";

const SECRETS = "/v3/configs/config/secrets";

describe("changes to secrets in the Doppler emulator", () => {
  let emulated: Emulated;
  let admin: Api;
  const at = { project: "example", config: "dev" };

  before(async () => {
    emulated = await startEmulated();
    ({ admin } = emulated);
  });

  after(() => emulated.emulator.close());

  const raw = async (name: string, config = "dev"): Promise<string | null> => {
    const query = { project: "example", config, name };
    const answer = await admin.get("/v3/configs/config/secret", query);
    return (answer.json as { value: { raw: string | null } }).value.raw;
  };

  it("starts with example values that differ in every config and look like no real credential", async () => {
    const values = new Map<string, string>();
    for (const config of ["shared", "dev", "staging", "prd"]) {
      const query = { project: "example", config, include_managed_secrets: "false" };
      const { secrets } = (await admin.get(SECRETS, query)).json as {
        secrets: Record<string, { raw: string; computed: string }>;
      };
      assert.ok(Object.keys(secrets).length >= 3);
      for (const [name, { computed }] of Object.entries(secrets)) {
        assert.equal(values.get(computed), undefined, `${config}.${name} is no value of its own`);
        values.set(computed, name);
        assert.doesNotMatch(computed, /^(dp\.|hvs\.|ghp_|AKIA|eyJ)|-----BEGIN|:\/\/[^/]*:[^/]*@/);
      }
    }
  });

  it("sets and deletes by name, null deletes", async () => {
    await admin.post(SECRETS, { ...at, secrets: { ONE: "1", TWO: "2" } });
    await admin.post(SECRETS, { ...at, secrets: { ONE: null, TWO: "zwei" } });
    assert.deepEqual([await raw("ONE"), await raw("TWO")], [null, "zwei"]);
  });

  it("takes an empty value for what it is", async () => {
    await admin.post(SECRETS, { ...at, secrets: { EMPTY: "" } });
    assert.equal(await raw("EMPTY"), "");
  });

  it("renames, keeps the value of a null, and deletes, as change requests say", async () => {
    const change = (request: object): Promise<unknown> =>
      admin.post(SECRETS, { ...at, change_requests: [request] });
    await change({ name: "OLD", originalName: null, value: "kept", visibility: "restricted" });
    await change({ name: "NEW", originalName: "OLD", value: null });
    assert.deepEqual([await raw("OLD"), await raw("NEW")], [null, "kept"]);
    const listed = await admin.get(SECRETS, { ...at, secrets: "NEW" });
    const { secrets } = listed.json as { secrets: Record<string, { rawVisibility: string }> };
    assert.equal(secrets.NEW?.rawVisibility, "restricted");
    await change({ name: "NEW", originalName: "NEW", value: null, shouldDelete: true });
    assert.equal(await raw("NEW"), null);
  });

  it("deletes one secret with DELETE", async () => {
    await admin.post(SECRETS, { ...at, secrets: { GONE: "soon" } });
    const answer = await admin.delete("/v3/configs/config/secret", { ...at, name: "GONE" });
    assert.deepEqual([answer.status, answer.text], [204, ""]);
    assert.equal(await raw("GONE"), null);
  });

  it("applies nothing of a request of which a part is refused", async () => {
    const answer = await admin.post(SECRETS, { ...at, secrets: { GOOD: "1", "bad-name": "2" } });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /Secret name 'bad-name' is invalid/);
    assert.equal(await raw("GOOD"), null);
  });

  it("keeps Doppler's limits, and never says the value that broke one", async () => {
    const post = (secrets: Record<string, string>): Promise<{ status: number; text: string }> =>
      admin.post(SECRETS, { ...at, secrets });
    const refusals: [Record<string, string>, RegExp][] = [
      [{ BIG: "x".repeat(50 * 1024 + 1) }, /The value of 'BIG' is larger than 51200 bytes/],
      [
        Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`K${n}`, "x".repeat(50 * 1024)])),
        /A config holds at most 512000 bytes/,
      ],
      [
        Object.fromEntries(Array.from({ length: 1201 }, (_, n) => [`K${n}`, "x"])),
        /A config holds at most 1200 secrets/,
      ],
      [{ ["N".repeat(201)]: "x" }, /at most 200 characters/],
      [{ DOPPLER_PROJECT: "x" }, /'DOPPLER_PROJECT' is reserved by Doppler/],
    ];
    for (const [secrets, message] of refusals) {
      const answer = await post(secrets);
      assert.equal(answer.status, 400);
      assert.match(answer.text, message);
      assert.ok(!answer.text.includes("xx"));
    }
    assert.equal((await post({ JUST_FITS: "x".repeat(50 * 1024) })).status, 200);
  });

  it("wants either secrets or change requests, of the right form", async () => {
    const both = "Either 'secrets' or 'change_requests' is required, and not both";
    assertRefused(await admin.post(SECRETS, at), 400, both);
    assertRefused(await admin.post(SECRETS, { ...at, secrets: {}, change_requests: [] }), 400, both);
    const wrong = await admin.post(SECRETS, { ...at, secrets: { NUMBER: 4711 } });
    assert.equal(wrong.status, 400);
    assert.match(wrong.text, /'secrets\.NUMBER'/);
    assert.ok(!wrong.text.includes("4711"));
  });

  it("takes arguments from the query or the body, whatever the method", async () => {
    const secrets = { PLACED: "here" };
    const inQuery = await admin.call("POST", SECRETS, { query: at, body: { secrets } });
    assert.equal(inQuery.status, 200);
    const named = { project: "example", environment: "dev", name: "dev_placed" };
    await admin.post("/v3/configs", named);
    const { name: config } = named;
    const inBody = await admin.delete("/v3/configs/config", { project: "example", config });
    assert.equal(inBody.status, 200);
    await admin.post("/v3/configs", named);
    const deletedByQuery = await admin.call("DELETE", "/v3/configs/config", {
      query: { project: "example", config },
      headers: { "content-type": "application/json" },
    });
    assert.equal(deletedByQuery.status, 200);
  });

  it("refuses bodies that are not JSON objects, in Doppler's form", async () => {
    assertRefused(
      await admin.post(SECRETS, ["not", "an object"]),
      400,
      "The request body must be a JSON object",
    );
    const response = await fetch(`${emulated.emulator.url}${SECRETS}`, {
      method: "POST",
      headers: { authorization: `Bearer ${emulated.adminToken}`, "content-type": "application/json" },
      body: "{ broken",
    });
    assert.equal(response.status, 400);
    const text = await response.text();
    assert.equal((JSON.parse(text) as { success: boolean }).success, false);
    assert.ok(!text.includes("broken"), "a body may hold secrets");
    assertRefused(
      await admin.post("/v3/environments", { project: "example" }),
      400,
      "You must specify a name",
    );
    assertRefused(await admin.post("/v3/projects", { name: 5 }), 400, "'name' must be a string");
  });

  it("refuses names that Doppler does, and those that are taken", async () => {
    const branch = (name: string): Promise<{ status: number; text: string }> =>
      admin.post("/v3/configs", { project: "example", environment: "dev", name });
    assert.match((await branch("local")).text, /must begin with 'dev_'/);
    assert.match((await branch("dev_UPPER")).text, /use lower case letters/);
    assert.equal((await branch("dev_taken")).status, 200);
    assert.match((await branch("dev_taken")).text, /Name is already in use/);
    const environment = { project: "example", name: "Development 2", slug: "dev" };
    assert.match((await admin.post("/v3/environments", environment)).text, /Name is already in use/);
    assert.match((await admin.delete("/v3/configs/config", at)).text, /Root config 'dev' cannot be deleted/);
  });

  it("loses nothing when many write at once", async () => {
    const names = Array.from({ length: 100 }, (_, n) => `PARALLEL_${n}`);
    const answers = await Promise.all(
      names.map((name) =>
        admin.post(SECRETS, { project: "example", config: "staging", secrets: { [name]: name } }),
      ),
    );
    assert.ok(answers.every(({ status }) => status === 200));
    const listed = await admin.get(`${SECRETS}/names`, { project: "example", config: "staging" });
    const present = new Set((listed.json as { names: string[] }).names);
    assert.deepEqual(
      names.filter((name) => !present.has(name)),
      [],
    );
  });

  it("mints tokens apart when many ask at once, of the same name too", async () => {
    const minted = await Promise.all(Array.from({ length: 50 }, () => emulated.mint("prd")));
    assert.equal(new Set(minted.map(({ key }) => key)).size, 50);
    assert.equal(new Set(minted.map(({ slug }) => slug)).size, 50);
  });

  it("refuses a second token of the same name where names are to be unique, even at the same time", async () => {
    const strict = await startEmulated({ uniqueTokenNames: true });
    try {
      const body = { project: "example", config: "dev", name: "one" };
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => strict.admin.post("/v3/configs/config/tokens", body)),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      assert.equal(refused.length, 9);
      refused.forEach((answer) => {
        assertRefused(answer, 400, "Name is already in use");
      });
      const elsewhere = { ...body, config: "prd" };
      assert.equal((await strict.admin.post("/v3/configs/config/tokens", elsewhere)).status, 200);
    } finally {
      await strict.emulator.close();
    }
  });
});
