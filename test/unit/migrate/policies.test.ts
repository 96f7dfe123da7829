import assert from "node:assert/strict";
import { wideRules } from "../../../migrate/copiers/policies";

const READ = 'capabilities = ["read"]';

const rules: readonly (readonly [path: string, isWide: boolean])[] = [
  ["*", true],
  ["secret/*", true],
  ["sec*", true],
  ["secret/data/*", true],
  ["secret/+/shop/*", false],
  ["secret/+/+/credentials", true],
  ["secret/data/+/credentials", true],
  ["secret/data/sh*", true],
  ["secret/data/shop/*", false],
  ["secret/data/shop/credentials", false],
  ["secret/data/shared/*", true],
  ["secret/data/infrastructure/+", true],
  ["secret/data/shared/tls", false],
  ["secret/data/{{identity.entity.name}}/*", false],
  ["secret/metadata/*", false],
  ["database/*", false],
  ["sys/*", false],
];

describe("wideRules", () => {
  for (const [path, isWide] of rules) {
    it(`${path} is ${isWide ? "wide" : "narrow"}`, () => {
      const found = wideRules(new Map([["old", `path "${path}" { ${READ} }`]]), "secret");
      assert.deepEqual(found, isWide ? [{ policy: "old", path }] : []);
    });
  }

  it("reads all forms of policies, and passes over what opens nothing", () => {
    const policies = new Map([
      [
        "comment",
        `# path "secret/*" { ${READ} }\n/* path "secret/*" { ${READ} } */\npath "secret/data/a/*" { ${READ} }`,
      ],
      ["denied", 'path "secret/*" {\n  capabilities = ["deny"]\n}'],
      ["listing", 'path "secret/*" { capabilities = ["list"] }'],
      ["json", '{ "path": { "secret/*": { "capabilities": ["read"] } } }'],
      ["old", 'path "secret/*" { policy = "write" }'],
      [
        "second",
        `path "secret/data/a/*" {\n  ${READ}\n}\npath "secret/data/*" {\n  ${READ}\n  allowed_parameters = { "*" = [] }\n}`,
      ],
      ["default", `path "secret/*" { ${READ} }`],
      ["root", ""],
      ["administrator", `path "*" { ${READ} }`],
    ]);
    assert.deepEqual(
      wideRules(policies, "secret", ["administrator"]).map(({ policy, path }) => `${policy} ${path}`),
      ["json secret/*", "old secret/*", "second secret/data/*"],
    );
  });

  it("knows mounts of several parts", () => {
    const policies = new Map([
      ["old", `path "team/kv/data/*" { ${READ} }\npath "team/kv/data/a/*" { ${READ} }`],
    ]);
    assert.deepEqual(wideRules(policies, "team/kv"), [{ policy: "old", path: "team/kv/data/*" }]);
  });
});
