import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { digestOf } from "../../../../services/secrets/access/tokenDigest";
import { TestService } from "../../../support/secretsService";

/** All of them together; each batch has a seed of its own. FUZZ_SEED repeats one. */
const REQUESTS = 100_000;
const BATCH = 5_000;
const RAW_REQUESTS = 2_000;
const CONCURRENCY = 48;
const SEED = Number(process.env["FUZZ_SEED"] ?? Date.now() % 1_000_000);

const callers = {
  "token-of-auth-0123456789": ["JWT_KEY", "SESSION_"],
  "token-of-game-0123456789": ["BOT_TOKEN"],
} as const;
const values = new Map(
  ["JWT_KEY", "SESSION_A", "SESSION_B", "BOT_TOKEN", "NOBODYS"].map((key) => [key, `canary-value-of-${key}`]),
);
const tokens = Object.keys(callers);

/** A text that Node's own client is willing to send in a header. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 80,
});
const someToken = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...tokens) },
  fc.constantFrom(
    ...tokens.map((token) => token.toUpperCase()),
    ...tokens.map((token) => token.slice(1)),
    tokens.join(", "),
  ),
  headerText,
  fc.integer({ min: 100, max: 7_000 }).map((length) => "t".repeat(length)),
);
const someKey = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...values.keys()) },
  fc.constantFrom(
    "__proto__",
    "constructor",
    "SESSION_",
    "SESSION_../JWT_KEY",
    "jwt_key",
    "JWT_KEY\0",
    "*",
    ".",
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.integer({ min: 100, max: 3_000 }).map((length) => "K".repeat(length)),
);
const encoded = someKey.chain((key) =>
  fc.constantFrom(
    safely(key),
    safely(key),
    safely(key),
    safely(key),
    [...Buffer.from(key)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    `${safely(key)}%`,
    `%ff%fe${safely(key)}`,
    `+${safely(key)}`,
  ),
);
const path = fc.oneof(
  { weight: 6, arbitrary: encoded.map((key) => `/secret?key=${key}`) },
  fc.tuple(encoded, encoded).map(([a, b]) => `/secret?key=${a}&key=${b}`),
  encoded.map((key) => `/secret?KEY=${key}`),
  encoded.map((key) => `/secret/${key}`),
  encoded.map((key) => `/%73ecret?key=${key}`),
  encoded.map((key) => `/secret?x=${key};key=${key}#key=${key}`),
  encoded.map((key) => `/${key}`),
  fc.constantFrom(
    "/secret",
    "/secret?",
    "/secret?key",
    "/healthz",
    "/readyz?key=JWT_KEY",
    "*",
    "/secret?key=[]",
  ),
);
const request = fc.record({
  method: fc.oneof(
    { weight: 5, arbitrary: fc.constant("GET") },
    fc.constantFrom("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "PROPFIND", "QUERY", "TRACE"),
  ),
  path,
  token: fc.option(someToken, { nil: undefined, freq: 6 }),
  header: fc.constantFrom(
    "x-internal-token",
    "X-INTERNAL-TOKEN",
    "x-internal_token",
    "authorization",
    "cookie",
  ),
  more: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), headerText, { maxKeys: 2 }),
  body: fc.option(fc.string({ maxLength: 3_000 }), { nil: undefined, freq: 1 }),
});
/** Few of those that are made of independent parts may be answered with a value: one in ten is made to be. */
const anyRequest = fc.oneof(
  { weight: 9, arbitrary: request },
  fc.tuple(request, fc.constantFrom("JWT_KEY", "SESSION_A", "SESSION_B")).map(([generated, key]) => ({
    ...generated,
    method: "GET" as const,
    header: "x-internal-token" as const,
    token: tokens[0],
    path: `/secret?key=${key}`,
  })),
);
type GeneratedRequest = typeof request extends fc.Arbitrary<infer Generated> ? Generated : never;

/** As `encodeURIComponent`, without half characters, which it would not take. */
function safely(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, ""));
}

/** The one value that a request may be answered with; undefined: none. */
function permitted({ method, path: target, token, header }: GeneratedRequest): string | undefined {
  const keys = new URLSearchParams(target.replace(/#.*/, "").split("?")[1] ?? "").getAll("key");
  const [key = ""] = keys;
  const isAsked = method === "GET" && /^\/secret(?:\?|$)/.test(target) && keys.length === 1;
  const granted =
    header.toLowerCase() === "x-internal-token" ? callers[token as keyof typeof callers] : undefined;
  const isGranted =
    granted?.some((name) => (name.endsWith("_") ? key.startsWith(name) : key === name)) ?? false;
  return isAsked && isGranted ? values.get(key) : undefined;
}

describe("the secrets service under whatever is sent to it", function () {
  this.timeout(300_000);
  let service: TestService;

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "secrets-service-"));
    writeFileSync(join(folder, "values.json"), JSON.stringify(Object.fromEntries(values)));
    const listed = Object.entries(callers).map(([token, keys], index) => ({
      name: `caller-${index}`,
      tokens: [`sha256:${digestOf(token)}`],
      keys: keys.map((key) => (key.endsWith("_") ? `${key}*` : key)),
    }));
    writeFileSync(join(folder, "policy.json"), JSON.stringify({ callers: listed }));
    service = await TestService.start(
      {
        SECRETS_STORE: "file",
        SECRETS_FILE: join(folder, "values.json"),
        POLICY_FILE: join(folder, "policy.json"),
      },
      folder,
    );
  });

  after(() => {
    service.remove();
  });

  it(`answers ${REQUESTS} requests with what each may have, and never with 5xx (seed ${SEED})`, async () => {
    let served = 0;
    for (let batch = 0; batch < REQUESTS / BATCH; batch++) {
      const requests = fc.sample(anyRequest, { numRuns: BATCH, seed: SEED + batch });
      const next = requests.values();
      await Promise.all(
        Array.from({ length: CONCURRENCY }, async () => {
          for (const generated of next) {
            const given = await check(service, generated);
            served += given;
          }
        }),
      );
    }
    assert.ok(served > REQUESTS / 50, `only ${served} requests were answered with a value: it tests nothing`);
  });

  it(`survives ${RAW_REQUESTS} connections with any bytes`, async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
      fc
        .tuple(fc.constantFrom("GET", "POST", "G\0T"), path, fc.uint8Array({ maxLength: 100 }))
        .map(([method, target, rest]) =>
          Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\nhost: a\r\n`), rest]),
        ),
    );
    const next = fc.sample(bytes, { numRuns: RAW_REQUESTS, seed: SEED }).values();
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        for (const raw of next) {
          const answer = await exchange(service.url, raw);
          assert.doesNotMatch(answer, /^HTTP\/1\.1 5|canary-value/, raw.toString("base64"));
        }
      }),
    );
    assert.equal((await service.read("BOT_TOKEN", tokens[1])).status, 200);
  });

  it("told of none of it with a value or a token", async () => {
    await service.stop();
    const output = service.output();
    for (const secret of [...values.values(), ...tokens]) assert.ok(!output.includes(secret), secret);
  });
});

/** @returns 1 when a value was given, else 0 */
async function check(service: TestService, generated: GeneratedRequest): Promise<0 | 1> {
  const { method, token, header, more, body } = generated;
  const headers = { ...more, ...(token === undefined ? {} : { [header]: token }) };
  const told = JSON.stringify(generated);
  const answer = await service.send(method, generated.path, headers, body).catch((error: unknown) => {
    throw new Error(`no answer to ${told}`, { cause: error });
  });
  const wanted = permitted(generated);
  assert.ok(answer.status >= 200 && answer.status < 500, `${answer.status}: ${told}`);
  const text = answer.body + JSON.stringify(answer.headers);
  if (wanted === undefined) assert.ok(!text.includes("canary-value"), told);
  else assert.deepEqual([answer.status, answer.body], [200, JSON.stringify({ value: wanted })], told);
  return wanted === undefined ? 0 : 1;
}

/** Sends bytes and the end of them; what comes back. */
function exchange(url: string, bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.end(bytes));
    socket.setEncoding("latin1").on("data", (chunk: string) => (text += chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      resolve(text);
    });
  });
}
