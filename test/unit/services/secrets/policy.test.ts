import assert from "node:assert/strict";
import { Caller } from "../../../../services/secrets/access/caller";
import { parsePolicy, policyOfOneToken } from "../../../../services/secrets/access/policy";
import { digestOf } from "../../../../services/secrets/access/tokenDigest";

const digest = (token: string): string => `sha256:${digestOf(token)}`;

function messageOf(text: string): string {
  try {
    parsePolicy(text, "policy.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail("it has no mistake");
}

describe("parsePolicy", () => {
  it("finds a caller by any of its tokens and by its ServiceAccount, and nobody else", () => {
    const policy = parsePolicy(
      `callers: [{ name: auth, tokens: ["${digest("a")}", "${digest("b")}"], serviceAccounts: [auth/api], keys: [K, S_*] }]`,
      "policy.yaml",
    );
    for (const token of ["a", "b"]) assert.equal(policy.callerOfDigest(digestOf(token))?.name, "auth");
    assert.equal(policy.callerOfDigest(digestOf("c")), undefined);
    assert.equal(policy.callerOfServiceAccount("auth/api")?.name, "auth");
    assert.equal(policy.callerOfServiceAccount("auth/other"), undefined);
  });

  it("lists every mistake at its place, and shows nothing that stands there", () => {
    const message = messageOf(
      "callers: [{ name: AUTH, tokens: [canary-token], keys: [] }, { name: game, keys: [-x, 5] }, { name: x, key: canary }]",
    );
    for (const place of ["[0].name", "[0].tokens[0]", "[0].keys", "[1].keys[0]", "[1].keys[1]", "[2].keys"]) {
      assert.ok(message.includes(`policy.yaml  callers${place}\n`), place);
    }
    assert.doesNotMatch(message, /canary/);
  });

  for (const [what, text, wanted] of [
    ["no YAML", "callers: [canary", /policy\.yaml:1\n {4}found {2}no YAML/],
    ["no caller", "callers: []", /write {2}at least one caller/],
    ["a caller that nobody can be", "callers: [{ name: a, keys: [K] }]", /nobody could be this caller/],
    [
      "the digest of nothing",
      `callers: [{ name: a, tokens: ["${digest("")}"], keys: [K] }]`,
      /that of nothing/,
    ],
    [
      "every key",
      `callers: [{ name: a, tokens: ["${digest("a")}"], keys: ["*"] }]`,
      /callers\[0\]\.keys\[0\]/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.match(messageOf(text), wanted);
    });
  }

  it("refuses what would stand for two callers", () => {
    const caller = `{ name: a, tokens: ["${digest("a")}"], serviceAccounts: [n/a], keys: [K] }`;
    assert.match(messageOf(`callers: [${caller}, ${caller}]`), /^3 mistakes in the policy/);
  });
});

describe("Caller.mayRead", () => {
  const caller = new Caller("auth", ["JWT_KEY", "SESSION_*"]);
  for (const [key, may] of [
    ["JWT_KEY", true],
    ["JWT_KEY2", false],
    ["JWT_KE", false],
    ["jwt_key", false],
    ["SESSION_A", true],
    ["SESSION_", true],
    ["SESSION", false],
    ["SESSION_*", true],
    ["toString", false],
  ] as const) {
    it(`says ${may} for ${key}`, () => {
      assert.equal(caller.mayRead(key), may);
    });
  }

  it("says yes to everything for the one token", () => {
    assert.equal(policyOfOneToken("t").callerOfDigest(digestOf("t"))?.mayRead("ANY"), true);
  });
});
