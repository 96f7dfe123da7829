import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accountToken, startReviewingApiServer, type ReviewingApiServer } from "../../../support/apiServer";
import { TestService } from "../../../support/secretsService";
import { assertRefusal } from "../../../support/serviceDescription";

const AUDIENCE = "secrets";

describe("the secrets service asked by a ServiceAccount", () => {
  let apiServer: ReviewingApiServer;
  let service: TestService;
  const good = accountToken("auth/auth");

  beforeEach(async () => {
    apiServer = await startReviewingApiServer();
    apiServer.accounts.set(good, { account: "auth/auth", audience: AUDIENCE });
    const folder = mkdtempSync(join(tmpdir(), "secrets-service-"));
    writeFileSync(
      join(folder, "policy.yaml"),
      "callers: [{ name: auth, serviceAccounts: [auth/auth], keys: [JWT_KEY] }]",
    );
    writeFileSync(join(folder, "token"), "own-token");
    const environment = {
      SECRETS_STORE: "env",
      SECRETS_ENV_KEYS: "JWT_KEY",
      JWT_KEY: "jwt",
      POLICY_FILE: join(folder, "policy.yaml"),
      TOKEN_REVIEW_AUDIENCE: AUDIENCE,
      TOKEN_REVIEW_CACHE_SECONDS: "0.3",
      KUBERNETES_API: apiServer.address,
      KUBERNETES_TOKEN_FILE: join(folder, "token"),
      WRONG_TOKENS_PER_MINUTE: "5",
    };
    service = await TestService.start(environment, folder);
  });

  afterEach(async () => {
    apiServer.stop();
    await service.stop();
    service.remove();
  });

  it("knows it by its token, asks once for many at a time, and again after a short time", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => service.read("JWT_KEY", good)));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    assert.equal(apiServer.reviews, 1);
    await sleep(350);
    assert.equal((await service.read("JWT_KEY", good)).status, 200);
    assert.equal(apiServer.reviews, 2);
    apiServer.accounts.clear();
    await sleep(350);
    assertRefusal(await service.read("JWT_KEY", good), 403, "token_refused");
  });

  it("refuses the token of another account, of another audience, and what is no token at all", async () => {
    const other = accountToken("auth/other");
    apiServer.accounts.set(other, { account: "auth/other", audience: AUDIENCE });
    const elsewhere = accountToken("auth/auth", 7_200);
    apiServer.accounts.set(elsewhere, { account: "auth/auth", audience: "somebody-else" });
    for (const token of [other, elsewhere, "no.token"]) {
      assertRefusal(await service.read("JWT_KEY", token), 403, "token_refused");
    }
    assert.equal(apiServer.reviews, 2, "only what has the form of a token is reviewed");
  });

  it("does not believe a token beyond its own end", async () => {
    const short = accountToken("auth/auth", 0);
    apiServer.accounts.set(short, { account: "auth/auth", audience: AUDIENCE });
    assert.equal((await service.read("JWT_KEY", short)).status, 200);
    assert.equal((await service.read("JWT_KEY", short)).status, 200);
    assert.equal(apiServer.reviews, 2);
  });

  it("answers 500 without detail while the apiserver is away, but whom it knows with the value", async () => {
    await service.read("JWT_KEY", good);
    apiServer.isAway = true;
    assert.equal((await service.read("JWT_KEY", good)).status, 200);
    assertRefusal(await service.read("JWT_KEY", accountToken("auth/new")), 500, "internal_error");
  });

  it("asks nobody any more for an address that shows too many wrong tokens", async () => {
    for (let count = 0; count < 5; count++)
      await service.read("JWT_KEY", accountToken(`auth/guess-${count}`));
    assert.equal(apiServer.reviews, 5);
    assertRefusal(await service.read("JWT_KEY", accountToken("auth/guess")), 429, "too_many_wrong_tokens");
    assert.equal(apiServer.reviews, 5);
  });
});
