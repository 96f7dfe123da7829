import assert from "node:assert/strict";

import type * as grpc from "@grpc/grpc-js";

import { UNKNOWN, type Values } from "../../../provider/definition";
import { VaultSubject } from "./vaultProvider";

const MOUNT = "vault:index/mount:Mount";
const AUTH = "vault:index/authBackend:AuthBackend";

describe("the embedded vault provider's mounts", () => {
  let subject: VaultSubject;

  before(async () => {
    subject = await VaultSubject.start();
  });

  after(async () => {
    await subject.stop();
  });

  /** What the root token finds at a mount's path; undefined when nothing is mounted there. */
  async function mounted(table: "mounts" | "auth", path: string): Promise<Values | undefined> {
    return (await subject.vault.data(`sys/${table}`))?.[`${path}/`] as Values | undefined;
  }

  describe("Mount", () => {
    const news = { path: "team/kv", type: "kv", options: { version: "2" }, description: "Of the team" };

    it("is mounted, changed in place, moved and removed", async () => {
      const made = await subject.created(MOUNT, news);
      assert.equal(made.id, "team/kv");
      assert.match(made.state["accessor"] as string, /^kv_/);
      assert.deepEqual({ ...made.state, ...news }, made.state);
      assert.deepEqual((await subject.refreshed(MOUNT, made)).changed, []);

      const tuned = await subject.checked(MOUNT, {
        ...news,
        description: "Ours",
        maxLeaseTtlSeconds: "3600",
      });
      const { values } = await subject.provider.update(MOUNT, made.id, made.state, tuned);
      assert.equal(values["description"], "Ours");
      assert.equal(values["maxLeaseTtlSeconds"], 3600);
      assert.equal((await mounted("mounts", "team/kv"))?.["description"], "Ours");

      await subject.vault.call("POST", "team/kv/data/kept", { data: { key: "value" } });
      const moved = await subject.checked(MOUNT, { ...news, path: "team/moved" });
      const diff = await subject.provider.diff(MOUNT, made.id, tuned, moved);
      assert.deepEqual(diff.replaces, []);
      const { values: elsewhere } = await subject.provider.update(MOUNT, made.id, values, moved);
      assert.equal(elsewhere["path"], "team/moved");
      assert.equal(await mounted("mounts", "team/kv"), undefined);
      assert.ok(await subject.vault.data("team/moved/data/kept"));

      // The id is still the old path.
      const read = await subject.provider.read(MOUNT, made.id, elsewhere, moved);
      assert.equal(read.state.values["path"], "team/moved");
      await subject.provider.delete(MOUNT, made.id, elsewhere);
      assert.equal(await mounted("mounts", "team/moved"), undefined);
      assert.equal((await subject.provider.read(MOUNT, made.id, elsewhere, moved)).id, "");
    });

    it("is not mounted where something is, so that its type cannot change in one step", async () => {
      await assert.rejects(
        subject.provider.create(MOUNT, await subject.checked(MOUNT, { path: "secret", type: "kv" })),
        {
          details: /path is already in use at secret\//,
        },
      );
      const inputs = await subject.checked(MOUNT, news);
      for (const change of [{ type: "transit" }, { local: true }, { sealWrap: true }]) {
        const { replaces } = await subject.provider.diff(MOUNT, "team/kv", inputs, { ...inputs, ...change });
        assert.deepEqual(replaces, Object.keys(change));
      }
    });

    it("has no difference where Vault tells another name of the same type", async () => {
      const made = await subject.created(MOUNT, { path: "alias", type: "kv-v2" });
      assert.equal(made.state["type"], "kv-v2");
      assert.deepEqual((await subject.refreshed(MOUNT, made)).changed, []);
    });

    it("shows what was changed by hand, takes it back, and is imported", async () => {
      const made = await subject.created(MOUNT, { ...news, path: "drift" });
      await subject.vault.call("POST", "sys/mounts/drift/tune", {
        description: "",
        listing_visibility: "unauth",
      });
      const drifted = await subject.refreshed(MOUNT, made);
      assert.deepEqual(drifted.changed, ["description", "listingVisibility"]);
      await subject.provider.update(MOUNT, made.id, drifted.state, made.inputs);
      assert.deepEqual((await subject.refreshed(MOUNT, made)).changed, []);
      const imported = await subject.provider.read(MOUNT, "drift", {});
      assert.deepEqual(imported.inputs.values, { ...news, path: "drift", __defaults: [] });
    });

    it("is not mounted by a preview", async () => {
      const inputs = await subject.checked(MOUNT, { ...news, path: "preview", description: UNKNOWN });
      await subject.provider.create(MOUNT, inputs, { preview: true });
      assert.equal(await mounted("mounts", "preview"), undefined);
    });
  });

  describe("AuthBackend", () => {
    const news = { type: "kubernetes", path: "clusters/dev", description: "Of the cluster" };

    it("is enabled at its type by default, and tells how it is tuned", async () => {
      const made = await subject.created(AUTH, { type: "kubernetes" });
      assert.equal(made.id, "kubernetes");
      assert.match(made.state["accessor"] as string, /^auth_kubernetes_/);
      const { defaultLeaseTtl, tokenType } = made.state["tune"] as Values;
      assert.deepEqual([defaultLeaseTtl, tokenType], ["768h", "default-service"]);
      assert.deepEqual((await subject.refreshed(AUTH, made)).changed, []);
      await assert.rejects(subject.provider.create(AUTH, made.inputs), { details: /path is already in use/ });
    });

    it("is tuned, changed in place, moved and disabled", async () => {
      const tune = { defaultLeaseTtl: "1h", listingVisibility: "unauth" };
      const made = await subject.created(AUTH, { ...news, tune });
      assert.deepEqual(made.state["tune"], tune);
      const tuned = () => subject.vault.data(`sys/auth/${made.id}/tune`);
      assert.equal((await tuned())?.["default_lease_ttl"], 3600);
      assert.deepEqual((await subject.refreshed(AUTH, made)).changed, []);

      const less = await subject.checked(AUTH, {
        ...news,
        description: "Ours",
        tune: { defaultLeaseTtl: "30m" },
      });
      assert.deepEqual((await subject.provider.diff(AUTH, made.id, made.inputs, less)).replaces, []);
      const { values } = await subject.provider.update(AUTH, made.id, made.state, less);
      const found = await tuned();
      assert.deepEqual(
        [found?.["default_lease_ttl"], found?.["listing_visibility"] ?? "", found?.["description"]],
        [1800, "", "Ours"],
      );

      const moved = await subject.checked(AUTH, { ...news, path: "clusters/other" });
      const { values: elsewhere } = await subject.provider.update(AUTH, made.id, values, moved);
      assert.equal(elsewhere["path"], "clusters/other");
      await subject.provider.delete(AUTH, made.id, elsewhere);
      assert.equal(await mounted("auth", "clusters/other"), undefined);
      assert.equal((await subject.provider.read(AUTH, made.id, elsewhere, moved)).id, "");
    });

    it("is replaced for another type, and refuses slashes at the ends of its path", async () => {
      const inputs = await subject.checked(AUTH, news);
      const { replaces } = await subject.provider.diff(AUTH, "clusters/dev", inputs, {
        ...inputs,
        type: "jwt",
      });
      assert.deepEqual(replaces, ["type"]);
      const { failures } = await subject.provider.check(AUTH, { ...news, path: "clusters/dev/" });
      assert.match(failures.join(), /^path: cannot begin or end with a slash/);
    });

    it("names a mistake inside of tune", async () => {
      const failures = async (tune: unknown) =>
        (await subject.provider.check(AUTH, { ...news, tune })).failures.join();
      assert.match(await failures({ ttl: "1h" }), /^tune: tune\.ttl is not known; write .*"defaultLeaseTtl"/);
      assert.match(await failures({ tokenType: "other" }), /tune\.tokenType to be one of "default-service"/);
      assert.match(await failures("1h"), /expected tune to be a object, got another string/);
    });

    it("is not lost when it was enabled but cannot be tuned", async () => {
      const inputs = await subject.checked(AUTH, { ...news, path: "half", tune: { maxLeaseTtl: "soon" } });
      const error = await subject.provider.create(AUTH, inputs).then(
        () => assert.fail("was created"),
        (rejection: unknown) => rejection as grpc.ServiceError,
      );
      assert.equal(error.metadata.get("grpc-status-details-bin").length, 1);
      assert.ok(await mounted("auth", "half"));
    });
  });
});
