import assert from "node:assert/strict";

import type * as grpc from "@grpc/grpc-js";

import { startDopplerEmulator, type DopplerEmulator } from "../../../local/doppler/emulator";
import { UNKNOWN, type Values } from "../../../provider/definition";
import { EngineServer } from "./engineServer";
import { Provider } from "./provider";

const MODULE = "local/engine/providers/doppler/main.ts";
const ADMIN_TOKEN = `dp.sa.${"admin".repeat(8)}`;
const TOKEN = "doppler:index/serviceToken:ServiceToken";
const SECRET = "doppler:index/secret:Secret";
const PROJECT = "doppler:index/project:Project";
const ENVIRONMENT = "doppler:index/environment:Environment";
const BRANCH_CONFIG = "doppler:index/branchConfig:BranchConfig";

describe("the embedded doppler provider", () => {
  let emulator: DopplerEmulator;
  let engine: EngineServer;
  let provider: Provider;

  beforeEach(async () => {
    emulator = await startDopplerEmulator({ adminToken: ADMIN_TOKEN, rateLimits: "none" });
    engine = new EngineServer();
    provider = await Provider.start(MODULE, await engine.start());
    await provider.configure({ dopplerToken: ADMIN_TOKEN, host: emulator.url }, ["dopplerToken"]);
  });

  afterEach(async () => {
    await provider.stop();
    engine.stop();
    await emulator.close();
  });

  async function checked(type: string, news: Values): Promise<Values> {
    const { inputs, failures } = await provider.check(type, news);
    assert.deepEqual(failures, []);
    return inputs;
  }

  async function created(type: string, news: Values): Promise<{ id: string; inputs: Values; state: Values }> {
    const inputs = await checked(type, news);
    const { id, values } = await provider.create(type, inputs);
    return { id, inputs, state: values };
  }

  function tokenNames(): string[] {
    return emulator.tokens().map(({ name }) => name);
  }

  describe("ServiceToken", () => {
    const news = { project: "example", config: "dev", name: "generation-1" };

    it("is minted with read access, and its key is secret", async () => {
      const inputs = await checked(TOKEN, news);
      assert.equal(inputs["access"], "read");
      const { id, values, secrets } = await provider.create(TOKEN, inputs);
      assert.match(id, /^example\.dev\.[0-9a-f-]{36}$/);
      assert.match(values["key"] as string, /^dp\.st\./);
      assert.deepEqual(secrets, ["key"]);
      assert.deepEqual({ ...values, key: "" }, { ...news, access: "read", key: "" });
      assert.deepEqual(tokenNames(), ["generation-1"]);
    });

    it("is not minted by a preview, which knows its key to be a secret", async () => {
      const inputs = await checked(TOKEN, { ...news, config: UNKNOWN });
      const { values, secrets } = await provider.create(TOKEN, inputs, { preview: true });
      assert.deepEqual(values, { ...news, access: "read", config: UNKNOWN, key: UNKNOWN });
      assert.deepEqual(secrets, ["key"]);
      assert.deepEqual(tokenNames(), []);
    });

    it("is replaced whatever changes, the new one before the old", async () => {
      const { id, inputs } = await created(TOKEN, news);
      for (const change of [
        { project: "other" },
        { config: "prd" },
        { name: "b" },
        { access: "read/write" },
      ]) {
        const diff = await provider.diff(TOKEN, id, inputs, { ...inputs, ...change });
        assert.deepEqual(diff.replaces, Object.keys(change));
        assert.equal(diff.deleteBeforeReplace, false);
      }
      const same = await checked(TOKEN, { ...news, access: "read" });
      assert.deepEqual((await provider.diff(TOKEN, id, inputs, same)).changed, []);
    });

    it("keeps its key and name when it is read, and is gone once it is revoked", async () => {
      const { id, inputs, state } = await created(TOKEN, news);
      const present = await provider.read(TOKEN, id, state, inputs);
      assert.deepEqual(present.state, { values: state, secrets: ["key"] });
      assert.deepEqual(present.inputs.values, inputs);
      await provider.delete(TOKEN, id, state);
      assert.deepEqual(tokenNames(), []);
      assert.equal((await provider.read(TOKEN, id, state, inputs)).id, "");
    });

    it("cannot be imported", async () => {
      const { id } = await created(TOKEN, news);
      await assert.rejects(provider.read(TOKEN, id, {}), { details: /cannot be imported/ });
    });

    it("refuses an access that Doppler does not know", async () => {
      const { failures } = await provider.check(TOKEN, { ...news, access: "write" });
      assert.match(failures.join(), /access: expected access to be one of "read", "read\/write"/);
    });

    it("does not name a secret argument in a way that makes the engine show its value", async () => {
      const wrong = { ...news, access: "write" };
      assert.deepEqual((await provider.check(TOKEN, wrong)).properties, ["access"]);
      const { failures, properties } = await provider.check(TOKEN, wrong, {}, ["access"]);
      assert.deepEqual(properties, [""]);
      assert.match(failures.join(), /^access: expected access/);
    });
  });

  describe("Secret", () => {
    const news = { project: "example", config: "dev", name: "API_KEY", value: "first-value" };

    it("is written, read back with references resolved, changed and deleted", async () => {
      const { id, inputs, state } = await created(SECRET, { ...news, value: "key-of-${DOPPLER_CONFIG}" });
      assert.equal(id, "example.dev.API_KEY");
      assert.equal(state["value"], "key-of-${DOPPLER_CONFIG}");
      assert.equal(state["computed"], "key-of-dev");
      assert.equal(state["visibility"], "masked");
      const changed = { ...inputs, value: "second-value" };
      const preview = await provider.update(SECRET, id, state, changed, true);
      assert.equal(preview.values["computed"], UNKNOWN);
      assert.equal(preview.values["value"], "second-value");
      const { values, secrets } = await provider.update(SECRET, id, state, changed);
      assert.equal(values["computed"], "second-value");
      assert.deepEqual(secrets, ["computed", "value"]);
      await provider.delete(SECRET, id);
      assert.equal((await provider.read(SECRET, id, values, changed)).id, "");
    });

    it("shows what was changed in Doppler, as an input too", async () => {
      const { id, inputs, state } = await created(SECRET, news);
      emulator.setSecret("example", "dev", "API_KEY", "changed-by-hand");
      const drifted = await provider.read(SECRET, id, state, inputs);
      assert.equal(drifted.inputs.values["value"], "changed-by-hand");
      assert.deepEqual(drifted.inputs.secrets, ["value"]);
      const diff = await provider.diff(SECRET, id, drifted.inputs.values, inputs);
      assert.deepEqual(diff, { changed: ["value"], replaces: [], deleteBeforeReplace: false });
    });

    it("is imported by its id", async () => {
      const imported = await provider.read(SECRET, "example.dev.JWT_SECRET", {});
      assert.equal(imported.id, "example.dev.JWT_SECRET");
      assert.deepEqual(imported.inputs.values, {
        project: "example",
        config: "dev",
        name: "JWT_SECRET",
        value: "made-up-jwt-value-dev",
        __defaults: [],
      });
      await assert.rejects(provider.read(SECRET, "JWT_SECRET", {}), {
        details: /write project\.config\.NAME/,
      });
    });

    it("moves by replacement, and is renamed in place", async () => {
      const { id, inputs, state } = await created(SECRET, news);
      assert.deepEqual((await provider.diff(SECRET, id, inputs, { ...inputs, config: "prd" })).replaces, [
        "config",
      ]);
      const renamed = { ...inputs, name: "NEW_KEY" };
      assert.deepEqual((await provider.diff(SECRET, id, inputs, renamed)).replaces, []);
      await provider.update(SECRET, id, state, renamed);
      assert.equal((await provider.read(SECRET, id, {}, inputs)).id, "");
      assert.equal((await provider.read(SECRET, "example.dev.NEW_KEY", {})).id, "example.dev.NEW_KEY");
    });

    it("is not lost when it was written but cannot be read back", async () => {
      emulator.setFault({ effect: { kind: "error" }, method: "GET", calls: 1 });
      const error = await provider.create(SECRET, await checked(SECRET, news)).then(
        () => assert.fail("was created"),
        (rejection: unknown) => rejection as grpc.ServiceError,
      );
      assert.equal(error.metadata.get("grpc-status-details-bin").length, 1);
      assert.equal(
        (await provider.read(SECRET, "example.dev.API_KEY", {})).state.values["value"],
        "first-value",
      );
    });
  });

  describe("Project, Environment and BranchConfig", () => {
    it("are made one in the other, read, changed and deleted", async () => {
      const project = await created(PROJECT, { name: "shop", description: "A shop" });
      assert.equal(project.id, "shop");
      const environment = await created(ENVIRONMENT, { project: "shop", slug: "qa", name: "Quality" });
      assert.equal(environment.id, "shop.qa");
      assert.equal(environment.state["personalConfigs"], false);
      const config = await created(BRANCH_CONFIG, { project: "shop", environment: "qa", name: "qa_load" });
      assert.equal(config.id, "shop.qa.qa_load");

      const renamed = { ...environment.inputs, name: "Quality assurance" };
      const { values } = await provider.update(ENVIRONMENT, environment.id, environment.state, renamed);
      assert.equal(values["name"], "Quality assurance");
      const described = { ...project.inputs, description: "The shop" };
      await provider.update(PROJECT, project.id, project.state, described);
      const read = await provider.read(PROJECT, project.id, project.state, project.inputs);
      assert.equal(read.inputs.values["description"], "The shop");

      await provider.delete(BRANCH_CONFIG, config.id);
      assert.equal((await provider.read(BRANCH_CONFIG, config.id, {}, config.inputs)).id, "");
      await provider.delete(ENVIRONMENT, environment.id);
      assert.equal((await provider.read(ENVIRONMENT, environment.id, {}, environment.inputs)).id, "");
      await provider.delete(PROJECT, project.id);
      assert.equal((await provider.read(PROJECT, project.id, {}, project.inputs)).id, "");
    });

    it("have an automatic name where the vendor's has one, and keep it", async () => {
      const news = { project: "example", environment: "dev" };
      const { inputs } = await provider.check(BRANCH_CONFIG, news);
      assert.match(inputs["name"] as string, /^subject-[0-9a-f]{7}$/);
      const kept = await provider.check(BRANCH_CONFIG, news, { ...inputs, name: "subject-0000000" });
      assert.equal(kept.inputs["name"], "subject-0000000");
    });

    it("delete a config before its replacement takes the name, unless the name is automatic", async () => {
      const named = await checked(BRANCH_CONFIG, { project: "example", environment: "dev", name: "dev_x" });
      const moved = { ...named, environment: "prd" };
      assert.deepEqual(await provider.diff(BRANCH_CONFIG, "example.dev.dev_x", named, moved), {
        changed: ["environment"],
        replaces: ["environment"],
        deleteBeforeReplace: true,
      });
      const automatic = await checked(BRANCH_CONFIG, { project: "example", environment: "dev" });
      const diff = await provider.diff(BRANCH_CONFIG, "id", automatic, { ...automatic, environment: "prd" });
      assert.equal(diff.deleteBeforeReplace, false);
    });
  });
});
