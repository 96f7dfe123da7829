import assert from "node:assert/strict";

import { UNKNOWN } from "../../../provider/definition";
import { VaultSubject } from "./vaultProvider";

const ROLE = "vault:kubernetes/authBackendRole:AuthBackendRole";

describe("the embedded vault provider's AuthBackendRole", () => {
  let subject: VaultSubject;

  before(async () => {
    subject = await VaultSubject.start();
    await subject.vault.call("POST", "sys/auth/kubernetes", { type: "kubernetes" });
  });

  after(async () => {
    await subject.stop();
  });

  const news = {
    roleName: "dev-shop",
    boundServiceAccountNames: ["web", "api"],
    boundServiceAccountNamespaces: ["shop"],
    tokenPolicies: ["dev-shop", "audit-read"],
    tokenTtl: "1200",
    audience: "vault",
  };

  it("is written, with sets in order, numbers as numbers, and what Vault chose", async () => {
    const { id, inputs, state } = await subject.created(ROLE, news);
    assert.equal(id, "auth/kubernetes/role/dev-shop");
    assert.deepEqual(inputs["__defaults"], ["backend", "tokenType"]);
    const wanted = {
      ...news,
      backend: "kubernetes",
      boundServiceAccountNames: ["api", "web"],
      tokenPolicies: ["audit-read", "dev-shop"],
      tokenTtl: 1200,
      tokenType: "default",
    };
    assert.deepEqual({ ...inputs, __defaults: undefined }, { ...wanted, __defaults: undefined });
    assert.deepEqual({ ...state, ...wanted }, state);
    assert.equal(state["aliasNameSource"], "serviceaccount_uid");
    const role = await subject.vault.data(id);
    assert.equal(role?.["token_ttl"], 1200);
    assert.deepEqual(role["bound_service_account_names"], ["api", "web"]);
    assert.equal(role["audience"], "vault");
  });

  it("has no difference in the order of its sets, nor after it was read", async () => {
    const made = await subject.created(ROLE, { ...news, roleName: "ordered" });
    const other = await subject.checked(ROLE, {
      ...news,
      roleName: "ordered",
      boundServiceAccountNames: ["api", "web", "api"],
      tokenPolicies: ["audit-read", "dev-shop"],
      tokenTtl: 1200,
      backend: "kubernetes/",
    });
    assert.deepEqual((await subject.provider.diff(ROLE, made.id, made.inputs, other)).changed, []);
    // The vendor's provider keeps the order, and the slash, that the program gave.
    const vendors = { ...other, tokenPolicies: ["dev-shop", "audit-read"], backend: "kubernetes/" };
    assert.deepEqual((await subject.provider.diff(ROLE, made.id, vendors, other)).changed, []);
    assert.deepEqual((await subject.refreshed(ROLE, made)).changed, []);
    const least = { roleName: "least", boundServiceAccountNames: ["web"] };
    const small = await subject.created(ROLE, { ...least, boundServiceAccountNamespaces: ["shop"] });
    assert.deepEqual((await subject.refreshed(ROLE, small)).changed, []);
  });

  it("is replaced for another name or backend, and changed in place otherwise", async () => {
    const { id, inputs } = await subject.created(ROLE, { ...news, roleName: "replaced" });
    for (const [change, replaces] of [
      [{ roleName: "other" }, ["roleName"]],
      [{ backend: "other" }, ["backend"]],
      [{ namespace: "other" }, ["namespace"]],
      [{ tokenTtl: 60 }, []],
      [{ boundServiceAccountNames: ["web"] }, []],
    ] as const) {
      const diff = await subject.provider.diff(ROLE, id, inputs, { ...inputs, ...change });
      assert.deepEqual([diff.changed, diff.replaces], [Object.keys(change), replaces]);
    }
  });

  it("takes away what the program no longer gives", async () => {
    const { id, state } = await subject.created(ROLE, {
      ...news,
      roleName: "less",
      tokenBoundCidrs: ["10.0.0.0/8"],
    });
    const less = await subject.checked(ROLE, {
      roleName: "less",
      boundServiceAccountNames: ["web"],
      boundServiceAccountNamespaces: ["shop"],
    });
    const { values } = await subject.provider.update(ROLE, id, state, less);
    assert.deepEqual([values["tokenPolicies"], values["tokenTtl"], values["audience"]], [[], 0, ""]);
    const role = await subject.vault.data(id);
    assert.deepEqual(role?.["token_policies"], []);
    assert.deepEqual(role["token_bound_cidrs"], []);
    assert.equal(role["token_ttl"], 0);
    assert.equal(role["audience"] ?? "", "");
  });

  it("overwrites one that is there, and leaves nothing of it", async () => {
    await subject.vault.call("POST", "auth/kubernetes/role/taken", {
      bound_service_account_names: ["*"],
      bound_service_account_namespaces: ["*"],
      token_policies: ["everything"],
    });
    await subject.created(ROLE, { ...news, roleName: "taken", tokenPolicies: undefined });
    const role = await subject.vault.data("auth/kubernetes/role/taken");
    assert.deepEqual(role?.["bound_service_account_names"], ["api", "web"]);
    assert.deepEqual(role["token_policies"], []);
  });

  it("shows what was changed by hand: taken away, or given where the program gives nothing", async () => {
    const made = await subject.created(ROLE, { ...news, roleName: "drifted" });
    const byHand = { audience: "", token_ttl: 0, token_policies: ["everything"], token_period: 60 };
    await subject.vault.call("POST", made.id, byHand);
    const drifted = await subject.refreshed(ROLE, made);
    assert.deepEqual(drifted.changed, ["audience", "tokenPeriod", "tokenPolicies", "tokenTtl"]);
    assert.deepEqual(drifted.state["tokenPolicies"], ["everything"]);
    await subject.provider.update(ROLE, made.id, drifted.state, made.inputs);
    assert.deepEqual((await subject.refreshed(ROLE, made)).changed, []);
  });

  it("is imported by its id, deleted, and dropped once it is gone", async () => {
    const made = await subject.created(ROLE, { ...news, roleName: "imported" });
    const imported = await subject.provider.read(ROLE, made.id, {});
    assert.equal(imported.id, made.id);
    assert.equal(imported.inputs.values["roleName"], "imported");
    assert.deepEqual(imported.inputs.values["boundServiceAccountNames"], ["api", "web"]);
    await subject.provider.delete(ROLE, made.id, made.state);
    assert.equal(await subject.vault.data(made.id), undefined);
    assert.equal((await subject.refreshed(ROLE, made)).id, "");
    await subject.provider.delete(ROLE, made.id, made.state);
  });

  it("is not written by a preview", async () => {
    const inputs = await subject.checked(ROLE, { ...news, roleName: "previewed", tokenPolicies: [UNKNOWN] });
    const { values } = await subject.provider.create(ROLE, inputs, { preview: true });
    assert.equal(values["roleName"], "previewed");
    assert.equal(await subject.vault.data("auth/kubernetes/role/previewed"), undefined);
  });
});
