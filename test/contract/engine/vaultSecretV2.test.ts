import assert from "node:assert/strict";

import { UNKNOWN, type Values } from "../../../provider/definition";
import { type Created, VaultSubject } from "./vaultProvider";

const SECRET = "vault:kv/secretV2:SecretV2";

describe("the embedded vault provider's SecretV2", () => {
  let subject: VaultSubject;

  before(async () => {
    subject = await VaultSubject.start();
  });

  after(async () => {
    await subject.stop();
  });

  const checked = (news: Values): Promise<Values> => subject.checked(SECRET, news);
  const created = (news: Values): Promise<Created> => subject.created(SECRET, news);

  async function values(path: string): Promise<unknown> {
    return (await subject.vault.data(`secret/data/${path}`))?.["data"];
  }

  async function failures(news: Values): Promise<string> {
    return (await subject.provider.check(SECRET, { mount: "secret", name: "a", ...news })).failures.join();
  }

  it("is written with its values secret, and gets a new version", async () => {
    const inputs = await checked({
      mount: "secret",
      name: "shop/api",
      dataJson: '{ "key": "canary", "a": 1 }',
    });
    const { secrets, ...made } = await subject.provider.create(SECRET, inputs);
    assert.equal(made.id, "secret/data/shop/api");
    assert.equal(made.values["path"], made.id);
    assert.equal(made.values["dataJson"], '{"a":1,"key":"canary"}');
    assert.equal((made.values["metadata"] as Values)["version"], "1");
    assert.deepEqual(secrets, ["data", "dataJson"]);
    assert.deepEqual(await values("shop/api"), { key: "canary", a: 1 });

    const changed = await checked({ mount: "secret", name: "shop/api", dataJson: '{"key":"other"}' });
    const updated = await subject.provider.update(SECRET, made.id, made.values, changed);
    assert.equal((updated.values["metadata"] as Values)["version"], "2");
    assert.deepEqual(await values("shop/api"), { key: "other" });
  });

  it("has no difference in the order or the white space of its JSON, but in its values", async () => {
    const of = (dataJson: string) => checked({ mount: "secret", name: "a", dataJson });
    const one = await of('{"a":1,"b":{"c":2,"d":3}}');
    const changed = async (dataJson: string) =>
      (await subject.provider.diff(SECRET, "secret/data/a", one, await of(dataJson))).changed;
    assert.deepEqual(await changed(' {"b": {"d":3, "c":2},\n"a":1}'), []);
    assert.deepEqual(await changed('{"a":2,"b":{"c":2,"d":3}}'), ["dataJson"]);
  });

  it("is replaced, the old one first, for another mount or name", async () => {
    const inputs = await checked({ mount: "secret", name: "a", dataJson: "{}" });
    for (const change of [{ mount: "other" }, { name: "other" }]) {
      const diff = await subject.provider.diff(SECRET, "secret/data/a", inputs, { ...inputs, ...change });
      assert.deepEqual([diff.replaces, diff.deleteBeforeReplace], [Object.keys(change), true]);
    }
  });

  it("never reads values back: a change by hand is not seen, and an import has none", async () => {
    const made = await created({ mount: "secret", name: "hand", dataJson: '{"key":"canary"}' });
    await subject.vault.call("POST", "secret/data/hand", { data: { key: "by hand" } });
    const read = await subject.provider.read(SECRET, made.id, made.state, made.inputs);
    assert.deepEqual(read.inputs.values, made.inputs);
    assert.equal(read.state.values["dataJson"], '{"key":"canary"}');
    const imported = await subject.provider.read(SECRET, made.id, {});
    assert.deepEqual(imported.inputs.values, { mount: "secret", name: "hand", __defaults: [] });
    assert.doesNotMatch(JSON.stringify([read, imported]), /by hand/);
    await assert.rejects(subject.provider.read(SECRET, "hand", {}), { details: /write mount\/data\/name/ });
  });

  it("is dropped once it is gone", async () => {
    const made = await created({ mount: "secret", name: "gone", dataJson: "{}" });
    await subject.vault.call("DELETE", "secret/metadata/gone");
    assert.equal((await subject.provider.read(SECRET, made.id, made.state, made.inputs)).id, "");
  });

  it("loses its newest version alone when it is deleted, unless it is to lose all", async () => {
    const versions = async (path: string) =>
      (await subject.vault.data(`secret/metadata/${path}`))?.["versions"];
    const kept = await created({ mount: "secret", name: "kept", dataJson: "{}" });
    await subject.provider.delete(SECRET, kept.id, kept.state);
    assert.equal((await subject.provider.read(SECRET, kept.id, kept.state, kept.inputs)).id, "");
    assert.ok(await versions("kept"));
    const all = await created({ mount: "secret", name: "all", dataJson: "{}", deleteAllVersions: true });
    await subject.provider.delete(SECRET, all.id, all.state);
    assert.equal(await versions("all"), undefined);
  });

  it("has metadata, which shows no difference after it was read", async () => {
    const customMetadata = { maxVersions: 3, deleteVersionAfter: 5400, data: { owner: "shop" } };
    const made = await created({ mount: "secret", name: "described", dataJson: "{}", customMetadata });
    assert.deepEqual(made.state["customMetadata"], customMetadata);
    assert.equal(
      (await subject.vault.data("secret/metadata/described"))?.["delete_version_after"],
      "1h30m0s",
    );
    const read = await subject.provider.read(SECRET, made.id, made.state, made.inputs);
    assert.deepEqual(
      (await subject.provider.diff(SECRET, made.id, read.inputs.values, made.inputs)).changed,
      [],
    );
  });

  it("is only written where nothing is, when its options say so", async () => {
    const news = { mount: "secret", name: "first", dataJson: '{"key":"canary"}', options: { cas: "0" } };
    const { inputs } = await created(news);
    await assert.rejects(subject.provider.create(SECRET, inputs), {
      details: /POST secret\/data\/first: check-and-set parameter did not match/,
    });
  });

  it("has an automatic name, and a name that may hold any character", async () => {
    const { inputs } = await subject.provider.check(SECRET, { mount: "secret", dataJson: "{}" });
    assert.match(inputs["name"] as string, /^subject-[0-9a-f]{7}$/);
    const made = await created({ mount: "secret", name: "a/100% of?b#c", dataJson: '{"k":"v"}' });
    assert.deepEqual(await values("a/100%25%20of%3Fb%23c"), { k: "v" });
    await subject.provider.delete(SECRET, made.id, { ...made.state, deleteAllVersions: true });
    assert.equal(await values("a/100%25%20of%3Fb%23c"), undefined);
  });

  it("says what is wrong without a value", async () => {
    assert.match(await failures({}), /^dataJson: write one of dataJson and dataJsonWo/);
    assert.match(await failures({ dataJson: "{}", dataJsonWo: "{}" }), /write one of/);
    for (const dataJson of ["hunter2", '["hunter2"]', '"hunter2"', '{"a":"hunter2"']) {
      const said = await failures({ dataJson });
      assert.match(said, /^dataJson: it is not JSON of an object/);
      assert.doesNotMatch(said, /hunter2/);
    }
    assert.match(await failures({ dataJson: "{}", cas: 1 }), /^cas: .*write options: \{ cas: "0" \}/);
    assert.match(await failures({ dataJson: "{}", name: "a/../../sys" }), /^name: write segments/);
    assert.match(await failures({ dataJson: "{}", namespace: "team" }), /^namespace: /);
  });

  it("is not written by a preview, whose values may not be known", async () => {
    const inputs = await checked({ mount: UNKNOWN, name: UNKNOWN, dataJson: UNKNOWN });
    const preview = await subject.provider.create(SECRET, inputs, { preview: true });
    assert.equal(preview.values["dataJson"], UNKNOWN);
    assert.deepEqual(preview.secrets, ["data", "dataJson", "dataJsonWo"]);
    const unnamed = await checked({ mount: "secret", name: "previewed", dataJson: UNKNOWN });
    await subject.provider.create(SECRET, unnamed, { preview: true });
    assert.equal(await values("previewed"), undefined);
  });
});
