import { strict as assert } from "node:assert";
import { get } from "node:http";
import { PLANS } from "../../../local/doppler/access/rate-limits";
import { assertRefused, type Answer, type Api } from "./api";
import { startEmulated, type Emulated } from "./emulated";

const SECRET = "/v3/configs/config/secret";
const START = Date.parse("2026-01-01T00:00:00Z");

describe("rate limits in the Doppler emulator", () => {
  let emulated: Emulated;
  let time: number;

  const start = async (
    rateLimits: keyof typeof PLANS | { read: number; "secret read": number; write: number },
  ) => {
    time = START;
    emulated = await startEmulated({ rateLimits, now: () => new Date(time) });
  };

  afterEach(() => emulated.emulator.close());

  const readSecret = (api: Api): Promise<Answer> =>
    api.get(SECRET, { project: "example", config: "dev", name: "JWT_SECRET" });

  it("counts down in its headers, refuses what is over the limit, and begins anew with the next window", async () => {
    await start({ read: 10, "secret read": 3, write: 10 });
    for (const remaining of ["2", "1", "0"]) {
      const { status, headers } = await readSecret(emulated.admin);
      assert.equal(status, 200);
      assert.equal(headers.get("x-ratelimit-limit"), "3");
      assert.equal(headers.get("x-ratelimit-remaining"), remaining);
      assert.equal(headers.get("x-ratelimit-reset"), String(START / 1000 + 60));
    }
    time += 50_000;
    const refused = await readSecret(emulated.admin);
    assertRefused(
      refused,
      429,
      "Exceeded rate limit of 3 secret read requests within 60 seconds. Retry in 10 seconds",
    );
    assert.equal(refused.headers.get("retry-after"), "10");
    assert.equal(refused.headers.get("x-ratelimit-remaining"), "0");
    time += 10_000;
    assert.equal((await readSecret(emulated.admin)).status, 200);
  });

  it("counts reads, reads of secrets and writes apart", async () => {
    await start({ read: 1, "secret read": 1, write: 1 });
    const write = (): Promise<Answer> => emulated.admin.post("/v3/projects", { name: "one" });
    const calls = [() => emulated.admin.get("/v3/projects"), () => readSecret(emulated.admin), write];
    for (const call of calls) {
      assert.equal((await call()).status, 200);
    }
    const kinds = ["read", "secret read", "write"];
    for (const [index, call] of calls.entries()) {
      const { status, text } = await call();
      assert.equal(status, 429);
      assert.match(text, new RegExp(`limit of 1 ${kinds[index] ?? ""} requests`));
    }
  });

  it("counts an answer of 304 too", async () => {
    await start({ read: 10, "secret read": 2, write: 10 });
    const download = (headers: Record<string, string>): Promise<Answer> =>
      emulated.admin.get(
        "/v3/configs/config/secrets/download",
        { project: "example", config: "dev" },
        headers,
      );
    const first = await download({});
    const tag = { "if-none-match": first.headers.get("etag") ?? "" };
    assert.equal((await download(tag)).status, 304);
    assert.equal((await download(tag)).status, 429);
  });

  it("limits an address across tokens, so that a new token is no way around it", async () => {
    await start({ read: 10, "secret read": 4, write: 10 });
    const [one, two] = [await emulated.mint("dev"), await emulated.mint("prd")];
    for (const { key } of [one, two, one, two]) {
      assert.equal((await emulated.as(key).get("/v3/configs/config/secrets/names")).status, 200);
    }
    assert.equal((await readSecret(emulated.admin)).status, 429);
  });

  it("limits a token across addresses", async function () {
    // Only Linux has all of 127.0.0.0/8 as addresses of its own.
    if (process.platform !== "linux") {
      this.skip();
    }
    await start({ read: 4, "secret read": 10, write: 10 });
    const { key } = await emulated.mint("dev");
    const from = (localAddress: string, token: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}` };
        get(`${emulated.emulator.url}/v3/me`, { localAddress, headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).once("error", reject);
      });
    for (const address of ["127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"]) {
      assert.equal(await from(address, key), 200);
    }
    assert.equal(await from("127.0.0.4", key), 429);
    assert.equal(await from("127.0.0.4", emulated.adminToken), 200);
  });

  it("limits guesses of tokens", async () => {
    await start({ read: 3, "secret read": 10, write: 10 });
    const guess = (n: number): Promise<Answer> => emulated.as(`guess-${n}`).get("/v3/me");
    const statuses = [await guess(1), await guess(2), await guess(3), await guess(4)].map(
      ({ status }) => status,
    );
    assert.deepEqual(statuses, [401, 401, 401, 429]);
  });

  for (const [plan, limits] of Object.entries(PLANS)) {
    it(`has the limits of the plan ${plan}`, async () => {
      await start(plan as keyof typeof PLANS);
      const limit = (answer: Answer): number => Number(answer.headers.get("x-ratelimit-limit"));
      assert.equal(limit(await emulated.admin.get("/v3/me")), limits.read);
      assert.equal(limit(await readSecret(emulated.admin)), limits["secret read"]);
      assert.equal(limit(await emulated.admin.post("/v3/projects", { name: "x" })), limits.write);
    });
  }

  it("does not limit the control surface", async () => {
    await start({ read: 1, "secret read": 1, write: 1 });
    for (let call = 0; call < 5; call++) {
      assert.equal((await emulated.admin.get("/_emulator/counters")).status, 200);
    }
  });
});
