import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { setTimeout as sleep } from "node:timers/promises";
import { accountToken, startReviewingApiServer } from "../../../support/apiServer";
import { DevVault } from "../../../support/devVault";
import { eventually, TestService } from "../../../support/secretsService";
import { assertRefusal } from "../../../support/serviceDescription";
import { startFront, type Front } from "../../vault/front";

const TOKEN = "token-of-internal-0123456789";
const PATH = "secret/data/internal";

describe("the secrets service on Vault", () => {
  let vault: DevVault;
  let front: Front;
  let service: TestService;

  const start = async (environment: Record<string, string>): Promise<void> => {
    service = await TestService.start({
      SECRETS_STORE: "vault",
      INTERNAL_TOKEN: TOKEN,
      VAULT_ADDR: front.address,
      VAULT_SECRET_PATH: "secret/internal",
      VAULT_CACHE_SECONDS: "0.3",
      VAULT_STALE_SECONDS: "1.5",
      VAULT_TIMEOUT_SECONDS: "0.5",
      ...environment,
    });
  };
  const value = async (key = "JWT_KEY"): Promise<string | number> => {
    const { status, body } = await service.read(key, TOKEN);
    return status === 200 ? (JSON.parse(body) as { value: string }).value : status;
  };
  const reads = (): Promise<number> => service.metric("secrets_store_reads_total");
  const write = (data: object): Promise<unknown> => vault.call("POST", PATH, { data });

  before(async () => {
    vault = await DevVault.start();
  });

  beforeEach(async () => {
    front = await startFront(vault.address);
    await write({ JWT_KEY: "first", NUMBER: 5 });
  });

  afterEach(async () => {
    await service.stop();
    service.remove();
    front.stop();
  });

  after(() => vault.stop());

  it("reads once for many at a time, and again after the time of its cache", async () => {
    await start({ VAULT_TOKEN: vault.token });
    assert.deepEqual(
      new Set(await Promise.all(Array.from({ length: 50 }, () => value()))),
      new Set(["first"]),
    );
    assert.equal(await reads(), 1);
    await write({ JWT_KEY: "second" });
    assert.equal(await value(), "first");
    await eventually(async () => (await value()) === "second");
    assert.equal(await value("NUMBER"), 404, "what is no text is no value");
    assert.equal(await value("GONE"), 404);
  });

  it("reads a secret for each key, where the path says so, and none outside of it", async () => {
    await vault.call("POST", "secret/data/keys/JWT_KEY", { data: { value: "of its own" } });
    await start({ VAULT_TOKEN: vault.token, VAULT_SECRET_PATH: "secret/keys/{key}" });
    assert.equal(await value(), "of its own");
    assert.equal(await value("GONE"), 404);
    assert.equal(await value("../internal"), 404);
    assert.equal(await value("..%2finternal"), 404);
    assert.equal(await reads(), 2);
  });

  for (const [what, fault] of [
    ["sealed", { status: 503, body: '{"errors":["Vault is sealed"]}' }],
    ["gone", "loses-request"],
    ["refusing", { status: 403, body: '{"errors":["permission denied"]}' }],
    ["no Vault at all", { status: 200, body: "<html>" }],
  ] as const) {
    it(`serves the last value for a bounded time while Vault is ${what}, then 500 without detail`, async () => {
      await start({ VAULT_TOKEN: vault.token });
      assert.equal(await value(), "first");
      front.faults.push(...Array.from({ length: 1_000 }, () => fault));
      await sleep(400);
      assert.equal(await value(), "first");
      assert.equal(await service.metric("secrets_store_stale"), 1);
      assert.equal((await service.send("GET", "/readyz")).status, 200);
      await sleep(1_300);
      const answer = await service.read("JWT_KEY", TOKEN);
      assertRefusal(answer, 500, "internal_error");
      assert.doesNotMatch(answer.body, /sealed|permission/);
      assertRefusal(await service.send("GET", "/readyz"), 503, "not_ready");
      front.faults.length = 0;
      await eventually(async () => (await value()) === "first");
      assert.equal((await service.send("GET", "/readyz")).status, 200);
    });
  }

  it("waits for a slow Vault no longer than it was told, and then serves the last value at once", async () => {
    await start({ VAULT_TOKEN: vault.token, VAULT_STALE_SECONDS: "60" });
    assert.equal(await value(), "first");
    process.kill(vault.pid, "SIGSTOP");
    try {
      await sleep(400);
      const begin = performance.now();
      assert.equal(await value(), "first");
      const waited = performance.now() - begin;
      assert.ok(waited < 1_200, `waited ${waited} ms`);
      const again = performance.now();
      assert.equal(await value(), "first");
      assert.ok(performance.now() - again < 200);
    } finally {
      process.kill(vault.pid, "SIGCONT");
    }
  });

  it("is not ready, and answers 500, where Vault was never there", async () => {
    front.faults.push(...Array.from({ length: 100 }, () => "loses-request" as const));
    await start({ VAULT_TOKEN: vault.token });
    assertRefusal(await service.send("GET", "/readyz"), 503, "not_ready");
    assert.equal(await value(), 500);
  });

  it("renews a token, and takes the next one of its file when that ended", async () => {
    const create = async (body: object): Promise<string> => {
      const document = await vault.call("POST", "auth/token/create", { policies: ["root"], ...body });
      return (document as { auth: { client_token: string } }).auth.client_token;
    };
    const file = join(mkdtempSync(join(tmpdir(), "secrets-service-")), "token");
    const renewed = await create({ ttl: "2s", explicit_max_ttl: "5s" });
    writeFileSync(file, renewed);
    await start({ VAULT_TOKEN_FILE: file, VAULT_CACHE_SECONDS: "0.1", VAULT_STALE_SECONDS: "0" });
    for (let count = 0; count < 12; count++) {
      assert.equal(await value(), "first", `after ${count * 250} ms of a token that lives for two seconds`);
      await sleep(250);
    }
    await vault.call("POST", "auth/token/revoke", { token: renewed });
    writeFileSync(file, await create({ ttl: "1h" }));
    await sleep(150);
    assert.equal(await value(), "first");
  });

  it("logs in with a ServiceAccount's token, and anew when its login is revoked", async () => {
    const apiServer = await startReviewingApiServer();
    const jwt = accountToken("secrets/secrets");
    apiServer.accounts.set(jwt, { account: "secrets/secrets", audience: "" });
    const file = join(mkdtempSync(join(tmpdir(), "secrets-service-")), "token");
    writeFileSync(file, jwt);
    try {
      await vault.call("POST", "sys/auth/kubernetes", { type: "kubernetes" });
      await vault.call("POST", "auth/kubernetes/config", {
        kubernetes_host: apiServer.address,
        token_reviewer_jwt: accountToken("vault/vault"),
        disable_local_ca_jwt: true,
        kubernetes_ca_cert: rootCertificates[0],
      });
      const policy = 'path "secret/data/internal" { capabilities = ["read"] }';
      await vault.call("PUT", "sys/policies/acl/service", { policy });
      await vault.call("POST", "auth/kubernetes/role/service", {
        bound_service_account_names: ["secrets"],
        bound_service_account_namespaces: ["secrets"],
        token_policies: ["service"],
        token_ttl: "1h",
      });
      await start({
        VAULT_KUBERNETES_ROLE: "service",
        VAULT_KUBERNETES_TOKEN_FILE: file,
        VAULT_CACHE_SECONDS: "0.1",
        VAULT_STALE_SECONDS: "0",
      });
      assert.equal(await value(), "first");
      await vault.call("PUT", "sys/leases/revoke-prefix/auth/kubernetes/login", {});
      await sleep(150);
      assert.equal(await value(), "first");
      assert.equal(apiServer.reviews, 2);
    } finally {
      apiServer.stop();
      await vault.call("DELETE", "sys/auth/kubernetes");
    }
  });
});
