import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { callerPolicy } from "../../../components/secretsService/callerPolicy";
import { serviceDeployment } from "../../../components/secretsService/serviceDeployment";
import { serviceNetworkPolicy } from "../../../components/secretsService/serviceNetworkPolicy";
import { NAMES } from "../../../config/names";
import { Caller } from "../../../services/secrets/access/caller";
import { parsePolicy } from "../../../services/secrets/access/policy";
import { isKeyName } from "../../../services/secrets/keyName";

const SETTINGS = {
  name: "keys",
  namespace: "keys-dev",
  metadata: { labels: { owner: "me" }, annotations: {} },
};

describe("the policy of callers", () => {
  const digest = (token: string) => createHash("sha256").update(token).digest("hex");
  const text = callerPolicy([
    { name: "shop", tokens: ["new-token", "old-token"], serviceAccounts: [], keys: ["JWT_KEY", "SESSION_*"] },
    { name: "bot", tokens: [], serviceAccounts: ["bots/bot"], keys: ["BOT_TOKEN"] },
  ]);
  const policy = parsePolicy(text, "policy.json");

  it("is what the service reads: both tokens of a caller, and a ServiceAccount", () => {
    const shop = policy.callerOfDigest(digest("new-token"));
    assert.ok(shop instanceof Caller);
    assert.equal(shop, policy.callerOfDigest(digest("old-token")));
    assert.deepEqual(
      ["JWT_KEY", "SESSION_ONE", "BOT_TOKEN"].map((key) => shop.mayRead(key)),
      [true, true, false],
    );
    const bot = policy.callerOfServiceAccount("bots/bot");
    assert.deepEqual(
      ["JWT_KEY", "BOT_TOKEN"].map((key) => bot?.mayRead(key)),
      [false, true],
    );
    assert.equal(policy.callerOfDigest(digest("another")), undefined);
  });

  it("holds no token", () => {
    assert.ok(!/new-token|old-token/.test(text));
  });
});

describe("names of keys", () => {
  it("are the same in application files and in the service", () => {
    const { pattern, longest } = NAMES.serviceKey;
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 140,
          unit: fc.constantFrom("A", "a", "1", "_", "-", ".", "/", " ", "*", "é"),
        }),
        (name) => {
          assert.equal(name.length <= longest && pattern.test(name), isKeyName(name));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("the NetworkPolicy of the secrets service", () => {
  it("lets each caller's namespace in once, and nobody out", () => {
    const { spec } = serviceNetworkPolicy({
      ...SETTINGS,
      callerNamespaces: ["shop", "bots", "shop"],
      reviewsTokens: false,
    });
    assert.deepEqual(
      spec.ingress.flatMap(({ from }) =>
        from.map(({ namespaceSelector }) => namespaceSelector.matchLabels["kubernetes.io/metadata.name"]),
      ),
      ["bots", "shop"],
    );
    assert.deepEqual(spec.egress, []);
  });

  it("lets nobody in without a caller: a rule without namespaces would let everybody in", () => {
    const { spec } = serviceNetworkPolicy({ ...SETTINGS, callerNamespaces: [], reviewsTokens: false });
    assert.deepEqual(spec.ingress, []);
    assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
  });

  it("lets it out to apiservers alone where it reviews tokens", () => {
    const { spec } = serviceNetworkPolicy({ ...SETTINGS, callerNamespaces: ["shop"], reviewsTokens: true });
    assert.deepEqual(
      spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port)),
      [443, 6443],
    );
  });
});

describe("the Deployment of the secrets service", () => {
  const deployment = (reviewsTokens: boolean) =>
    serviceDeployment({
      ...SETTINGS,
      image: "registry.example/keys:1",
      imagePullPolicy: "Never",
      replicas: 3,
      secrets: ["one", "two"],
      policySecret: "keys-policy",
      reviewsTokens,
    });

  it("has the apiserver's token and an audience only where it reviews tokens", () => {
    for (const reviewsTokens of [true, false]) {
      const { spec } = deployment(reviewsTokens).spec.template;
      assert.equal(spec.automountServiceAccountToken, reviewsTokens);
      const names = spec.containers.flatMap(({ env }) => env.map(({ name }) => name));
      assert.equal(names.includes("TOKEN_REVIEW_AUDIENCE"), reviewsTokens);
    }
  });

  it("never has fewer pods than it should while it is rolled, and selects its own", () => {
    const { spec } = deployment(false);
    assert.deepEqual(spec.strategy.rollingUpdate, { maxUnavailable: 0, maxSurge: 1 });
    assert.equal(spec.replicas, 3);
    for (const [label, value] of Object.entries(spec.selector.matchLabels)) {
      assert.equal(spec.template.metadata.labels[label], value);
    }
  });
});
