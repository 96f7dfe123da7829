import assert from "node:assert/strict";

import { DevVault } from "../../support/devVault";
import { Project } from "./project";

/** A program as the platform's own: an application's policy and role, and the auth method they are for. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const vault = require("@pulumi/vault");

const config = new pulumi.Config();
const provider = new vault.Provider("vault", {
  address: config.require("address"),
  token: config.requireSecret("token"),
  skipChildToken: true,
});
const options = { provider };
const policy = new vault.Policy(
  "policy",
  { name: "dev-shop", policy: \`path "secret/data/shop/*" { capabilities = ["\${config.require("capability")}"] }\` },
  options,
);
const configuration = new vault.kubernetes.AuthBackendConfig(
  "configuration",
  {
    backend: "kubernetes",
    kubernetesHost: "https://10.0.0.1:6443",
    kubernetesCaCert: "certificate",
    tokenReviewerJwt: config.requireSecret("reviewer"),
  },
  options,
);
const role = new vault.kubernetes.AuthBackendRole(
  "role",
  {
    backend: configuration.backend,
    roleName: "dev-shop",
    boundServiceAccountNames: ["web", "api"],
    boundServiceAccountNamespaces: ["shop"],
    tokenPolicies: [policy.name, "audit-read"],
    tokenTtl: 1200,
    audience: "vault",
  },
  options,
);
exports.role = role.id;
`;

const REVIEWER = "header.reviewer-canary.signature";
const POLICY_PATH = "sys/policies/acl/dev-shop";
const ROLE_PATH = "auth/kubernetes/role/dev-shop";

describe("Pulumi's engine with the vault provider", () => {
  let vault: DevVault;
  let project: Project;

  before(async () => {
    vault = await DevVault.start();
    await vault.call("POST", "sys/auth/kubernetes", { type: "kubernetes" });
    project = await Project.create({ "index.js": PROGRAM });
    await project.succeed("config", "set", "address", vault.address);
    await project.succeed("config", "set", "--secret", "token", vault.token);
    await project.succeed("config", "set", "--secret", "reviewer", REVIEWER);
    await project.succeed("config", "set", "capability", "read");
  });

  after(async () => {
    project.remove();
    await vault.stop();
  });

  it("previews what is to be made, and makes nothing", async () => {
    const output = await project.succeed("preview", "--diff");
    assert.match(output, /policy\s*: "path/);
    assert.match(output, /tokenReviewerJwt\s*: \[secret\]/);
    assert.equal(await vault.data(POLICY_PATH), undefined);
    assert.equal(await vault.data(ROLE_PATH), undefined);
  });

  it("makes the policy, the configuration and the role", async () => {
    await project.succeed("up");
    assert.match((await vault.data(POLICY_PATH))?.["policy"] as string, /capabilities = \["read"\]/);
    assert.equal((await vault.data("auth/kubernetes/config"))?.["token_reviewer_jwt_set"], true);
    const role = await vault.data(ROLE_PATH);
    assert.deepEqual(role?.["token_policies"], ["audit-read", "dev-shop"]);
    assert.equal(role["token_ttl"], 1200);
    assert.equal((await project.succeed("stack", "output", "role")).trim(), ROLE_PATH);
  });

  it("changes nothing the second time, nor after a refresh", async () => {
    await project.succeed("preview", "--expect-no-changes");
    await project.succeed("refresh", "--expect-no-changes");
    await project.succeed("preview", "--refresh", "--expect-no-changes");
  });

  it("shows a changed policy by name, and changes it in place", async () => {
    await project.succeed("config", "set", "capability", "list");
    assert.match(await project.succeed("preview"), /Policy policy update \[diff: ~policy\]/);
    await project.succeed("up");
    assert.match((await vault.data(POLICY_PATH))?.["policy"] as string, /capabilities = \["list"\]/);
    await project.succeed("preview", "--expect-no-changes");
  });

  it("puts back what was changed or removed by hand", async () => {
    await vault.call("DELETE", POLICY_PATH);
    await vault.call("POST", ROLE_PATH, { token_policies: ["everything"], audience: "" });
    await project.succeed("up", "--refresh");
    assert.notEqual(await vault.data(POLICY_PATH), undefined);
    const role = await vault.data(ROLE_PATH);
    assert.deepEqual(role?.["token_policies"], ["audit-read", "dev-shop"]);
    assert.equal(role["audience"], "vault");
    await vault.call("DELETE", ROLE_PATH);
    await project.succeed("up", "--refresh");
    assert.notEqual(await vault.data(ROLE_PATH), undefined);
  });

  it("keeps every secret out of what is stored, logged and shown", () => {
    for (const secret of [vault.token, REVIEWER]) {
      assert.deepEqual(project.filesWith(secret), []);
      assert.equal(project.printed.includes(secret), false);
    }
  });

  it("leaves no policy and no role behind", async () => {
    await project.succeed("destroy");
    assert.equal(await vault.data(POLICY_PATH), undefined);
    assert.equal(await vault.data(ROLE_PATH), undefined);
    assert.deepEqual(await project.resources(), []);
  });
});
