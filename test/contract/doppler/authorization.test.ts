import { strict as assert } from "node:assert";
import { newServiceAccountKey } from "../../../local/doppler/access/tokens";
import { assertRefused } from "./api";
import { startEmulated, type Emulated } from "./emulated";

const DOWNLOAD = "/v3/configs/config/secrets/download";
const TOKENS = "/v3/configs/config/tokens";

describe("authorization in the Doppler emulator", () => {
  let emulated: Emulated;
  let time = Date.parse("2026-01-01T00:00:00Z");

  before(async () => {
    emulated = await startEmulated({ now: () => new Date(time) });
  });

  after(() => emulated.emulator.close());

  const basic = (user: string): Record<string, string> => ({
    authorization: `Basic ${Buffer.from(`${user}:`).toString("base64")}`,
  });

  it("takes the token as Bearer and as the user name of Basic", async () => {
    const { key } = await emulated.mint("dev");
    assert.equal((await emulated.as(key).get("/v3/me")).status, 200);
    assert.equal((await emulated.as(undefined).get("/v3/me", {}, basic(key))).status, 200);
  });

  it("answers 401 without a token, to a wrong one, and to one in a scheme that Doppler does not have", async () => {
    const nobody = emulated.as(undefined);
    const refused = "Invalid Auth token";
    assertRefused(await nobody.get("/v3/projects"), 401, refused);
    assertRefused(await nobody.get("/v3/projects", {}, basic("")), 401, refused);
    assertRefused(
      await nobody.get("/v3/projects", {}, { authorization: `Token ${emulated.adminToken}` }),
      401,
      refused,
    );
    assertRefused(await emulated.as(newServiceAccountKey()).get("/v3/projects"), 401, refused);
    assertRefused(await emulated.as(`${emulated.adminToken}x`).get("/v3/projects"), 401, refused);
  });

  it("answers 401 for paths that do not exist too, and 404 only to those who are let in", async () => {
    assertRefused(await emulated.as(undefined).get("/v3/nothing"), 401, "Invalid Auth token");
    assertRefused(
      await emulated.admin.get("/v3/nothing"),
      404,
      "The emulator has no GET /v3/nothing of Doppler's API",
    );
  });

  it("revokes a token at once, by its slug and by its key", async () => {
    for (const by of ["slug", "key"] as const) {
      const token = await emulated.mint("dev");
      assert.equal((await emulated.as(token.key).get(DOWNLOAD)).status, 200);
      const named = by === "slug" ? { slug: token.slug } : { token: token.key };
      const body = { project: "example", config: "dev", ...named };
      assert.deepEqual((await emulated.admin.delete(`${TOKENS}/token`, body)).json, { success: true });
      assertRefused(await emulated.as(token.key).get(DOWNLOAD), 401, "Invalid Auth token");
      assertRefused(
        await emulated.admin.delete(`${TOKENS}/token`, body),
        404,
        "Could not find requested service token",
      );
    }
  });

  it("does not revoke a token through another config", async () => {
    const token = await emulated.mint("dev");
    const body = { project: "example", config: "prd", slug: token.slug };
    assert.equal((await emulated.admin.delete(`${TOKENS}/token`, body)).status, 404);
    assert.equal((await emulated.as(token.key).get("/v3/me")).status, 200);
  });

  it("ends a token when it expires", async () => {
    const body = { project: "example", config: "dev", name: "short", expire_at: time / 1000 + 60 };
    const answer = await emulated.admin.post(TOKENS, body);
    const { key, expires_at: expiresAt } = (answer.json as { token: { key: string; expires_at: string } })
      .token;
    assert.equal(expiresAt, "2026-01-01T00:01:00.000Z");
    time += 59_000;
    assert.equal((await emulated.as(key).get("/v3/me")).status, 200);
    time += 1_000;
    assertRefused(await emulated.as(key).get("/v3/me"), 401, "Invalid Auth token");
    assert.ok(!emulated.emulator.tokens().some(({ name }) => name === "short"));
  });

  it("refuses a token that would have expired already, and an access that does not exist", async () => {
    const body = { project: "example", config: "dev", name: "bad" };
    assertRefused(
      await emulated.admin.post(TOKENS, { ...body, expire_at: "2020-01-01T00:00:00Z" }),
      400,
      "'expire_at' must be in the future",
    );
    const answer = await emulated.admin.post(TOKENS, { ...body, access: "write" });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /'access': .*read\/write/);
    assert.ok(!emulated.emulator.tokens().some(({ name }) => name === "bad"));
  });

  it("keeps a service token in its config, its environment and its project", async () => {
    const dev = emulated.as((await emulated.mint("dev")).key);
    await emulated.admin.post("/v3/projects", { name: "other" });
    const refused = async (path: string, query: Record<string, string>, what: string): Promise<void> => {
      const message = `This token does not have access to requested ${what}`;
      assertRefused(await dev.get(path, query), 400, message);
    };
    for (const path of [
      DOWNLOAD,
      "/v3/configs/config/secrets",
      "/v3/configs/config/secrets/names",
      "/v3/configs/config",
    ]) {
      await refused(path, { project: "example", config: "prd" }, "config 'prd'");
      await refused(path, { project: "other", config: "dev" }, "project 'other'");
      await refused(path, { project: "nowhere", config: "dev" }, "project 'nowhere'");
    }
    await refused("/v3/configs/config/secret", { config: "prd", name: "JWT_SECRET" }, "config 'prd'");
    await refused("/v3/environments/environment", { environment: "prd" }, "environment 'prd'");
    const own = await dev.get(DOWNLOAD);
    assert.equal((own.json as Record<string, string>).JWT_SECRET, "made-up-jwt-value-dev");
  });

  it("keeps a branch's token from its root config, and the root's from the branch", async () => {
    await emulated.admin.post("/v3/configs", { project: "example", environment: "dev", name: "dev_branch" });
    const branch = emulated.as((await emulated.mint("dev_branch")).key);
    const root = emulated.as((await emulated.mint("dev")).key);
    assert.equal((await branch.get(DOWNLOAD, { config: "dev" })).status, 400);
    assert.equal((await root.get(DOWNLOAD, { config: "dev_branch" })).status, 400);
  });

  it("shows a service token nothing but its own project, environment and config", async () => {
    const dev = emulated.as((await emulated.mint("dev")).key);
    const seen = async (path: string, list: string): Promise<unknown[]> => {
      const answer = (await dev.get(path)).json as Record<string, { name: string }[]>;
      return (answer[list] ?? []).map(({ name }) => name);
    };
    assert.deepEqual(await seen("/v3/projects", "projects"), ["example"]);
    assert.deepEqual(await seen("/v3/environments", "environments"), ["Development"]);
    assert.deepEqual(await seen("/v3/configs", "configs"), ["dev"]);
  });

  it("lets no service token provision", async () => {
    const writer = emulated.as((await emulated.mint("dev", "read/write")).key);
    const at = { project: "example", config: "dev" };
    const message = "This token does not have permission to provision: use a service account token";
    for (const [method, path, body] of [
      ["POST", "/v3/projects", { name: "mine" }],
      ["POST", "/v3/projects/project", { ...at, name: "mine" }],
      ["DELETE", "/v3/projects/project", at],
      ["POST", "/v3/environments", { ...at, name: "Mine", slug: "mine" }],
      ["PUT", "/v3/environments/environment", { ...at, environment: "dev", name: "Mine" }],
      ["DELETE", "/v3/environments/environment", { ...at, environment: "dev" }],
      ["POST", "/v3/configs", { ...at, environment: "dev", name: "dev_mine" }],
      ["POST", "/v3/configs/config", { ...at, name: "dev_mine" }],
      ["DELETE", "/v3/configs/config", at],
      ["POST", "/v3/configs/config/clone", { ...at, name: "dev_mine" }],
      ["POST", "/v3/configs/config/lock", at],
      ["POST", "/v3/configs/config/unlock", at],
      ["POST", TOKENS, { ...at, name: "mine" }],
      ["DELETE", `${TOKENS}/token`, { ...at, slug: "mine" }],
    ] as const) {
      assertRefused(await writer.call(method, path, { body }), 403, message);
    }
    assertRefused(await writer.get(TOKENS), 403, message);
  });

  it("lets a token write secrets only when its access is read/write", async () => {
    const change = { secrets: { WRITTEN: "by-a-token" } };
    const reader = emulated.as((await emulated.mint("dev")).key);
    const message = "This token does not have permission to write secrets: its access is 'read'";
    assertRefused(await reader.post("/v3/configs/config/secrets", change), 403, message);
    assertRefused(await reader.delete("/v3/configs/config/secret", { name: "JWT_SECRET" }), 403, message);
    const writer = emulated.as((await emulated.mint("dev", "read/write")).key);
    assert.equal((await writer.post("/v3/configs/config/secrets", change)).status, 200);
    assert.equal((await writer.post("/v3/configs/config/secrets", { ...change, config: "prd" })).status, 400);
    const secrets = (await reader.get(DOWNLOAD)).json as Record<string, string>;
    assert.equal(secrets.WRITTEN, "by-a-token");
  });

  it("ends the tokens of what is deleted", async () => {
    await emulated.admin.post("/v3/configs", { project: "example", environment: "dev", name: "dev_gone" });
    const { key } = await emulated.mint("dev_gone");
    await emulated.admin.delete("/v3/configs/config", { project: "example", config: "dev_gone" });
    assertRefused(await emulated.as(key).get(DOWNLOAD), 401, "Invalid Auth token");
  });

  it("can hide that a project does not exist, as Doppler does for some workplaces", async () => {
    const hiding = await startEmulated({ missingProjects: "no-access" });
    try {
      assertRefused(
        await hiding.admin.get("/v3/projects/project", { project: "nowhere" }),
        400,
        "This token does not have access to requested project 'nowhere'",
      );
    } finally {
      await hiding.emulator.close();
    }
  });
});
