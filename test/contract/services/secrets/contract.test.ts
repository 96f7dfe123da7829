import assert from "node:assert/strict";
import { connect } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../../../../services/secrets/access/tokenDigest";
import description from "../../../../services/secrets/openapi.json";
import { TestService } from "../../../support/secretsService";
import { assertDescribed, assertRefusal } from "../../../support/serviceDescription";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";

const AUTH = "token-of-auth-0123456789";
const GAME = "token-of-game-0123456789";

/** Sends bytes, and gives what comes until the end of the connection. */
function exchange(url: string, bytes: string): Promise<string> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(port), "127.0.0.1", () => socket.write(bytes, "latin1"));
    socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    socket.on("close", () => {
      resolve(text);
    });
    socket.on("error", reject);
  });
}

describe("the secrets service's contract", () => {
  let service: TestService;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "secrets-service-"));
    writeFileSync(
      join(folder, "values.json"),
      JSON.stringify({ JWT_KEY: "jwt", SESSION_KEY: 'grüße\n\u{1f511}"', BOT_TOKEN: "bot", EMPTY: "" }),
    );
    const caller = (name: string, token: string, keys: string): string =>
      `  - { name: ${name}, tokens: ["sha256:${digestOf(token)}"], keys: [${keys}] }`;
    const callers = [
      caller("auth", AUTH, "JWT_KEY, GONE, EMPTY, SESSION_*"),
      caller("game", GAME, "BOT_TOKEN"),
    ];
    writeFileSync(join(folder, "policy.yaml"), ["callers:", ...callers].join("\n"));
    service = await TestService.start(
      {
        SECRETS_STORE: "file",
        SECRETS_FILE: join(folder, "values.json"),
        POLICY_FILE: join(folder, "policy.yaml"),
      },
      folder,
    );
  });

  after(async () => {
    await service.stop();
    service.remove();
  });

  for (const [key, value] of [
    ["JWT_KEY", "jwt"],
    ["SESSION_KEY", 'grüße\n\u{1f511}"'],
    ["EMPTY", ""],
  ] as const) {
    it(`answers an admitted caller with the value of ${key}, and nothing else`, async () => {
      const answer = await service.read(key, AUTH);
      assertDescribed("/secret", answer);
      assert.equal(answer.status, 200);
      assert.deepEqual(JSON.parse(answer.body), { value });
    });
  }

  for (const [what, path, token, status, code] of [
    ["no token, before a missing key", "/secret", undefined, 403, "token_refused"],
    ["a wrong token, whether the key is there", "/secret?key=JWT_KEY", "wrong", 403, "token_refused"],
    ["a wrong token, whether the key is not there", "/secret?key=GONE", "wrong", 403, "token_refused"],
    ["a key of another caller", "/secret?key=BOT_TOKEN", AUTH, 403, "key_refused"],
    ["a key of nobody that is not there", "/secret?key=NOWHERE", AUTH, 403, "key_refused"],
    ["a prefix alone is no key of it", "/secret?key=SESSIO", AUTH, 403, "key_refused"],
    ["no key", "/secret", AUTH, 400, "key_missing"],
    ["an empty key", "/secret?key=", AUTH, 400, "key_missing"],
    ["two keys", "/secret?key=JWT_KEY&key=JWT_KEY", AUTH, 400, "key_missing"],
    ["a key that may be read and is not there", "/secret?key=GONE", AUTH, 404, "key_unknown"],
    ["a way out of a prefix", "/secret?key=SESSION_%2F..%2FJWT_KEY", AUTH, 404, "key_unknown"],
    ["a URL that is too long", `/secret?key=${"A".repeat(1_100)}`, AUTH, 414, "url_too_long"],
  ] as const) {
    it(`refuses ${what}: ${status} ${code}`, async () => {
      const answer = await service.send(
        "GET",
        path,
        token === undefined ? {} : { "x-internal-token": token },
      );
      assertDescribed("/secret", answer);
      assertRefusal(answer, status, code);
    });
  }

  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
    it(`gives no value to ${method}`, async () => {
      const answer = await service.send(method, "/secret?key=JWT_KEY", { "x-internal-token": AUTH });
      assert.equal(answer.status, 405);
      if (method !== "HEAD") assertRefusal(answer, 405, "method_refused");
      assert.equal(answer.headers["allow"], "GET");
    });
  }

  for (const path of [
    "/",
    "/secret/",
    "/secret/JWT_KEY",
    "//secret?key=JWT_KEY",
    "/SECRET?key=JWT_KEY",
    "/secrets",
  ]) {
    it(`has nothing at ${path}`, async () => {
      assertRefusal(await service.send("GET", path, { "x-internal-token": AUTH }), 404, "path_unknown");
    });
  }

  for (const path of ["/healthz", "/readyz", "/metrics", "/openapi.json"] as const) {
    it(`answers ${path} as described`, async () => {
      const answer = await service.send("GET", path);
      assert.equal(answer.status, 200);
      assertDescribed(path, answer);
    });
  }

  it("serves its description", async () => {
    assert.deepEqual(JSON.parse((await service.send("GET", "/openapi.json")).body), description);
  });

  it("answers what is no HTTP, and headers that are too large, in its own words", async () => {
    assert.match(
      await exchange(service.url, "what is this\r\n\r\n"),
      /^HTTP\/1\.1 400 [^]*"code":"bad_request"/,
    );
    const large = `GET /secret HTTP/1.1\r\nhost: a\r\nx-internal-token: ${"t".repeat(9_000)}\r\n\r\n`;
    assert.match(await exchange(service.url, large), /^HTTP\/1\.1 431 [^]*"code":"headers_too_large"/);
  });

  it("counts requests by caller and outcome", async () => {
    await service.read("BOT_TOKEN", GAME);
    const { body } = await service.send("GET", "/metrics");
    assert.match(body, /^secrets_requests_total\{caller="game",outcome="ok"\} 1$/m);
    assert.match(body, /^secrets_requests_total\{caller="auth",outcome="key_refused"\} 3$/m);
  });
});

describe("the secrets service's limit of wrong tokens", () => {
  it("refuses further ones from the same address with 429, and goes on with the right one", async () => {
    const service = await TestService.start({
      SECRETS_STORE: "env",
      SECRETS_ENV_KEYS: "JWT_KEY",
      JWT_KEY: "jwt",
      INTERNAL_TOKEN: AUTH,
      WRONG_TOKENS_PER_MINUTE: "3",
    });
    try {
      for (let count = 0; count < 3; count++)
        assertRefusal(await service.read("JWT_KEY", "no"), 403, "token_refused");
      const answer = await service.read("JWT_KEY", "no");
      assertRefusal(answer, 429, "too_many_wrong_tokens");
      assertDescribed("/secret", answer);
      assert.equal((await service.read("JWT_KEY", AUTH)).status, 200);
    } finally {
      await service.stop();
      service.remove();
    }
  });
});

describe("the secrets service without a check of tokens", () => {
  for (const [networks, status] of [
    ["127.0.0.0/8,::1/128", 200],
    ["10.0.0.0/8", 403],
  ] as const) {
    it(`answers ${status} on loopback where ${networks} is trusted, and says loudly what it does`, async () => {
      const service = await TestService.start({
        SECRETS_STORE: "env",
        SECRETS_ENV_KEYS: "JWT_KEY",
        JWT_KEY: "jwt",
        TOKEN_CHECK: "off",
        TRUSTED_NETWORKS: networks,
      });
      assert.equal((await service.read("JWT_KEY")).status, status);
      await service.stop();
      assert.match(service.output(), /TOKENS ARE NOT CHECKED/);
      service.remove();
    });
  }
});
