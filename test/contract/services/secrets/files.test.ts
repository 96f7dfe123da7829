import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SecretsClient } from "../../../../consumer/secretsClient";
import { digestOf } from "../../../../services/secrets/access/tokenDigest";
import { MountedSecret } from "../../../support/mountedSecret";
import { eventually, TestService } from "../../../support/secretsService";

const OLD = "old-token-0123456789abcdef";
const NEW = "new-token-0123456789abcdef";

function policyOf(...tokens: string[]): string {
  const digests = tokens.map((token) => `sha256:${digestOf(token)}`);
  return JSON.stringify({ callers: [{ name: "auth", tokens: digests, keys: ["JWT_KEY"] }] });
}

function filesOf(value: string, ...tokens: string[]): Record<string, string> {
  return { "values.json": JSON.stringify({ JWT_KEY: value }), "policy.yaml": policyOf(...tokens) };
}

describe("the secrets service's files", () => {
  let folder: string;
  let mounted: MountedSecret;
  let service: TestService;

  const value = async (token = OLD): Promise<string | number> => {
    const { status, body } = await service.read("JWT_KEY", token);
    return status === 200 ? (JSON.parse(body) as { value: string }).value : status;
  };
  const hasFailed = (count: number): Promise<void> =>
    eventually(async () => (await service.metric("secrets_store_read_failures_total")) >= count);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "secrets-service-"));
    mounted = new MountedSecret(join(folder, "mounted"), filesOf("first", OLD));
    const environment = {
      SECRETS_STORE: "file",
      SECRETS_FILE: mounted.path("values.json"),
      POLICY_FILE: mounted.path("policy.yaml"),
    };
    service = await TestService.start(environment, folder);
  });

  afterEach(async () => {
    await service.stop();
    service.remove();
  });

  it("are read again when a kubelet switches them", async () => {
    assert.equal(await value(), "first");
    mounted.switch(filesOf("second", OLD));
    await eventually(async () => (await value()) === "second");
  });

  it("may be half written, empty, gone or of the wrong kind: the values of before are served, and it is said", async () => {
    const broken = [
      '{"JWT_KEY": "canary-of-a-half-writ',
      "",
      '["canary-of-a-list"]',
      '{"JWT_KEY": 12345678901}',
    ];
    for (const [index, text] of broken.entries()) {
      mounted.switch({ "values.json": text, "policy.yaml": policyOf(OLD) });
      await hasFailed(index + 1);
      assert.equal(await value(), "first", text);
      assert.equal(await service.metric("secrets_store_stale"), 1);
      assert.equal((await service.send("GET", "/readyz")).status, 200);
    }
    mounted.switch({ "policy.yaml": policyOf(OLD) });
    await hasFailed(broken.length + 1);
    assert.equal(await value(), "first");
    mounted.switch(filesOf("second", OLD));
    await eventually(async () => (await value()) === "second");
    assert.equal(await service.metric("secrets_store_stale"), 0);
    await service.stop();
    assert.match(service.output(), /there is no such file/);
    assert.match(service.output(), /not whole JSON/);
    assert.doesNotMatch(service.output(), /canary|12345678901/);
  });

  it("may be written to in place: a file that still grows is not read", async () => {
    rmSync(mounted.path("values.json"));
    const lines = Array.from({ length: 40 }, (_, index) => `KEY_${index}=value\n`);
    let text = "";
    for (const line of [...lines, "JWT_KEY=second\n"]) {
      text += line;
      writeFileSync(mounted.path("values.json"), text);
      assert.equal(await value(), "first");
      await sleep(10);
    }
    await eventually(async () => (await value()) === "second");
  });

  it("may lose their permissions: the values of before are served", async () => {
    chmodSync(folder, 0o700);
    chmodSync(mounted.path("values.json"), 0o000);
    // Nothing is forbidden to root: it becomes somebody else for a moment.
    const isRoot = process.geteuid?.() === 0;
    if (isRoot) process.seteuid?.(65_534);
    try {
      await hasFailed(1);
      assert.equal(await value(), "first");
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it("may have a policy that breaks: the callers of before are known, nobody else", async () => {
    mounted.switch({
      "values.json": filesOf("second", OLD)["values.json"] ?? "",
      "policy.yaml": "callers: []",
    });
    await eventually(async () => (await value()) === "second");
    assert.equal(await value(NEW), 403);
    await service.stop();
    assert.match(service.output(), /policy\.yaml {2}callers/);
  });

  it("rotate values and tokens under constant load without a failed request", async () => {
    let token = OLD;
    let isOver = false;
    const seen = new Set<string>();
    const client = new SecretsClient({ url: service.url, token: () => token, retries: 0 });
    let requests = 0;
    const load = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        seen.add(await client.get("JWT_KEY"));
        requests++;
      }
    });
    await sleep(100);
    for (let round = 0; round < 5; round++) {
      const [from, to] = round % 2 === 0 ? [OLD, NEW] : [NEW, OLD];
      mounted.switch(filesOf(`value-${round}`, from, to));
      await eventually(async () => (await value(to)) === `value-${round}`);
      token = to;
      await sleep(100);
      mounted.switch(filesOf(`value-${round}`, to));
      await eventually(async () => (await value(from)) === 403);
    }
    isOver = true;
    await Promise.all(load);
    assert.deepEqual(
      [...seen].sort(),
      ["first", ...Array.from({ length: 5 }, (_, round) => `value-${round}`)].sort(),
    );
    assert.ok(requests > 500, `only ${requests} requests`);
  });
});
