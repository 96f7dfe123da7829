import assert from "node:assert/strict";

import { UNKNOWN } from "../../../provider/definition";
import { VaultSubject } from "./vaultProvider";

const POLICY = "vault:index/policy:Policy";
const CONFIGURATION = "vault:kubernetes/authBackendConfig:AuthBackendConfig";
const READ = 'path "secret/data/shop" {\n  capabilities = ["read"]\n}\n';

describe("the embedded vault provider", () => {
  let subject: VaultSubject;

  before(async () => {
    subject = await VaultSubject.start();
  });

  after(async () => {
    await subject.stop();
  });

  describe("Policy", () => {
    const at = (name: string) => subject.vault.data(`sys/policies/acl/${name}`);

    it("is written as it is, changed in place, and deleted", async () => {
      const made = await subject.created(POLICY, { name: "dev-shop", policy: READ });
      assert.equal(made.id, "dev-shop");
      assert.deepEqual(made.state, { name: "dev-shop", policy: READ });
      assert.equal((await at("dev-shop"))?.["policy"], READ);
      assert.deepEqual((await subject.refreshed(POLICY, made)).changed, []);

      const changed = { ...made.inputs, policy: READ.trimEnd() };
      assert.deepEqual(await subject.provider.diff(POLICY, made.id, made.inputs, changed), {
        changed: ["policy"],
        replaces: [],
        deleteBeforeReplace: false,
      });
      const { values } = await subject.provider.update(POLICY, made.id, made.state, changed);
      assert.equal(values["policy"], READ.trimEnd());
      assert.equal((await at("dev-shop"))?.["policy"], READ.trimEnd());
      await subject.provider.delete(POLICY, made.id, values);
      assert.equal(await at("dev-shop"), undefined);
      await subject.provider.delete(POLICY, made.id, values);
    });

    it("is not written by a preview", async () => {
      const inputs = await subject.checked(POLICY, { name: "dev-preview", policy: UNKNOWN });
      const { values } = await subject.provider.create(POLICY, inputs, { preview: true });
      assert.deepEqual(values, { name: "dev-preview", policy: UNKNOWN });
      assert.equal(await at("dev-preview"), undefined);
    });

    it("has an automatic name, and keeps it", async () => {
      const inputs = await subject.checked(POLICY, { policy: READ });
      assert.match(inputs["name"] as string, /^subject-[0-9a-f]{7}$/);
      const kept = await subject.checked(POLICY, { policy: READ }, { ...inputs, name: "subject-0000000" });
      assert.equal(kept["name"], "subject-0000000");
    });

    it("is replaced when its name changes", async () => {
      const inputs = await subject.checked(POLICY, { name: "one", policy: READ });
      const diff = await subject.provider.diff(POLICY, "one", inputs, { ...inputs, name: "two" });
      assert.deepEqual(diff, { changed: ["name"], replaces: ["name"], deleteBeforeReplace: true });
    });

    it("overwrites one that is there", async () => {
      await subject.vault.call("PUT", "sys/policies/acl/dev-taken", { policy: READ.replace("read", "list") });
      await subject.created(POLICY, { name: "dev-taken", policy: READ });
      assert.equal((await at("dev-taken"))?.["policy"], READ);
    });

    it("shows what was changed by hand, and is imported", async () => {
      const made = await subject.created(POLICY, { name: "dev-drift", policy: READ });
      const byHand = READ.replace("read", "list");
      await subject.vault.call("PUT", "sys/policies/acl/dev-drift", { policy: byHand });
      const drifted = await subject.refreshed(POLICY, made);
      assert.equal(drifted.state["policy"], byHand);
      assert.deepEqual(drifted.changed, ["policy"]);
      const imported = await subject.provider.read(POLICY, "dev-drift", {});
      assert.deepEqual(imported.inputs.values, { name: "dev-drift", policy: byHand, __defaults: [] });
    });

    it("reads as empty once it is gone, and is written again by an update", async () => {
      const made = await subject.created(POLICY, { name: "dev-gone", policy: READ });
      await subject.vault.call("DELETE", "sys/policies/acl/dev-gone");
      const gone = await subject.refreshed(POLICY, made);
      assert.equal(gone.id, "dev-gone");
      assert.deepEqual(gone.state, { name: "dev-gone", policy: "" });
      assert.deepEqual(gone.changed, ["policy"]);
      await subject.provider.update(POLICY, made.id, gone.state, made.inputs);
      assert.equal((await at("dev-gone"))?.["policy"], READ);
    });
  });

  describe("AuthBackendConfig", () => {
    const ca = "-----BEGIN CERTIFICATE-----\nmade up\n-----END CERTIFICATE-----\n";
    const news = { backend: "clusters/dev", kubernetesHost: "https://10.0.0.1:6443", kubernetesCaCert: ca };

    before(async () => {
      await subject.vault.call("POST", "sys/auth/clusters/dev", { type: "kubernetes" });
    });

    it("is written, and the reviewer's token is secret", async () => {
      const inputs = await subject.checked(CONFIGURATION, {
        ...news,
        tokenReviewerJwt: "header.canary.signature",
      });
      const { id, values, secrets } = await subject.provider.create(CONFIGURATION, inputs);
      assert.equal(id, "auth/clusters/dev/config");
      assert.deepEqual(values, { ...news, tokenReviewerJwt: "header.canary.signature" });
      assert.deepEqual(secrets, ["tokenReviewerJwt"]);
      const written = await subject.vault.data(id);
      assert.equal(written?.["kubernetes_ca_cert"], ca);
      assert.equal(written["token_reviewer_jwt_set"], true);
    });

    it("overwrites what is there, and what the program no longer gives", async () => {
      const made = await subject.created(CONFIGURATION, { ...news, issuer: "https://issuer.example" });
      assert.equal((await subject.vault.data(made.id))?.["token_reviewer_jwt_set"], false);
      const { values } = await subject.provider.update(
        CONFIGURATION,
        made.id,
        made.state,
        await subject.checked(CONFIGURATION, { ...news, kubernetesHost: "https://10.0.0.2:6443" }),
      );
      assert.equal(values["issuer"], undefined);
      const { kubernetes_host: host, issuer } = (await subject.vault.data(made.id)) ?? {};
      assert.deepEqual([host, issuer], ["https://10.0.0.2:6443", ""]);
    });

    it("is of the backend kubernetes by default, and replaced for another; slashes do not count", async () => {
      const inputs = await subject.checked(CONFIGURATION, { kubernetesHost: "https://10.0.0.1:6443" });
      assert.equal(inputs["backend"], "kubernetes");
      const diff = (backend: string) =>
        subject
          .checked(CONFIGURATION, { ...news, backend })
          .then((changed) =>
            subject.provider.diff(
              CONFIGURATION,
              "auth/kubernetes/config",
              { ...changed, backend: "kubernetes" },
              changed,
            ),
          );
      assert.deepEqual((await diff("other")).replaces, ["backend"]);
      assert.deepEqual((await diff("kubernetes/")).changed, []);
    });

    it("reads booleans that are written as strings", async () => {
      const inputs = await subject.checked(CONFIGURATION, { ...news, disableLocalCaJwt: "true" });
      assert.equal(inputs["disableLocalCaJwt"], true);
    });

    it("shows what was changed by hand, but not what the program leaves to Vault", async () => {
      const made = await subject.created(CONFIGURATION, news);
      assert.deepEqual((await subject.refreshed(CONFIGURATION, made)).changed, []);
      const byHand = {
        kubernetes_host: "https://10.0.0.9:6443",
        kubernetes_ca_cert: "other",
        issuer: "https://issuer.example",
      };
      await subject.vault.call("POST", made.id, byHand);
      const drifted = await subject.refreshed(CONFIGURATION, made);
      assert.deepEqual(drifted.changed, ["issuer", "kubernetesCaCert", "kubernetesHost"]);
    });

    it("is dropped when its backend is gone, and cannot be imported", async () => {
      await subject.vault.call("POST", "sys/auth/brief", { type: "kubernetes" });
      const made = await subject.created(CONFIGURATION, { ...news, backend: "brief" });
      await subject.vault.call("DELETE", "sys/auth/brief");
      assert.equal((await subject.provider.read(CONFIGURATION, made.id, made.state, made.inputs)).id, "");
      await assert.rejects(subject.provider.read(CONFIGURATION, "auth/clusters/dev/config", {}), {
        details: /cannot be imported/,
      });
    });

    it("stays on the server when it is deleted", async () => {
      const { id, state } = await subject.created(CONFIGURATION, news);
      await subject.provider.delete(CONFIGURATION, id, state);
      assert.equal((await subject.vault.data(id))?.["kubernetes_host"], news.kubernetesHost);
    });
  });
});
