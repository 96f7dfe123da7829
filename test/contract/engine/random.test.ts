import assert from "node:assert/strict";

import { UNKNOWN, type Values } from "../../../provider/definition";
import { Provider } from "./provider";

const MODULE = "local/engine/providers/random/main.ts";
const ID = "random:index/randomId:RandomId";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const STRING = "random:index/randomString:RandomString";
const UUID = "random:index/randomUuid:RandomUuid";
const BYTES = "random:index/randomBytes:RandomBytes";

describe("the embedded random provider", () => {
  let provider: Provider;

  before(async () => {
    provider = await Provider.start(MODULE);
    await provider.configure({});
  });

  after(async () => {
    await provider.stop();
  });

  async function created(
    type: string,
    news: Values,
  ): Promise<{ id: string; values: Values; secrets: string[] }> {
    const { inputs, failures } = await provider.check(type, news);
    assert.deepEqual(failures, []);
    return provider.create(type, inputs);
  }

  it("gives an id in every notation, each with the prefix", async () => {
    const { id, values } = await created(ID, { byteLength: 8, prefix: "p-", keepers: { generation: "1" } });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 8);
    assert.deepEqual(values, {
      byteLength: 8,
      prefix: "p-",
      keepers: { generation: "1" },
      b64Url: `p-${id}`,
      b64Std: `p-${bytes.toString("base64")}`,
      hex: `p-${bytes.toString("hex")}`,
      dec: `p-${bytes.readBigUInt64BE().toString()}`,
    });
  });

  it("gives a password that is secret, and not its id", async () => {
    const { id, values, secrets } = await created(PASSWORD, { length: 24, special: false, minNumeric: 3 });
    assert.equal(id, "none");
    assert.match(values["result"] as string, /^[A-Za-z0-9]{24}$/);
    assert.deepEqual(secrets, ["result"]);
    assert.equal(values["numeric"], true);
    assert.equal(values["minLower"], 0);
  });

  it("gives strings, UUIDs and bytes", async () => {
    const text = await created(STRING, { length: 5, upper: false, special: false });
    assert.match(text.id, /^[a-z0-9]{5}$/);
    assert.equal(text.values["result"], text.id);
    const uuid = await created(UUID, {});
    assert.match(uuid.id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const { values, secrets } = await created(BYTES, { length: 16 });
    assert.deepEqual(secrets, ["base64", "hex"]);
    const bytes = Buffer.from(values["base64"] as string, "base64");
    assert.equal(bytes.toString("hex"), values["hex"]);
    assert.equal(bytes.length, 16);
  });

  it("draws anew for each resource", async () => {
    const drawn = await Promise.all(Array.from({ length: 20 }, () => created(PASSWORD, { length: 16 })));
    assert.equal(new Set(drawn.map(({ values }) => values["result"])).size, 20);
  });

  it("knows in a preview that the result is a secret", async () => {
    const { values, secrets } = await provider.create(PASSWORD, { length: 8 }, { preview: true });
    assert.deepEqual(values, { length: 8, result: UNKNOWN });
    assert.deepEqual(secrets, ["result"]);
  });

  it("replaces when an argument or a keeper changes, not when a default is written out", async () => {
    const { inputs } = await provider.check(PASSWORD, { length: 8, keepers: { a: "1" } });
    const other = await provider.diff(PASSWORD, "none", inputs, { ...inputs, keepers: { a: "2" } });
    assert.deepEqual(other.replaces, ["keepers"]);
    assert.deepEqual((await provider.diff(PASSWORD, "none", inputs, { ...inputs, length: 9 })).replaces, [
      "length",
    ]);
    // The vendor's provider leaves defaults out of the inputs.
    const vendors = { length: 8, keepers: { a: "1" }, __defaults: [] };
    assert.deepEqual((await provider.diff(PASSWORD, "none", vendors, inputs)).changed, []);
  });

  it("reports arguments that do not fit together", async () => {
    const { failures } = await provider.check(STRING, { length: 2, minUpper: 3 });
    assert.match(failures.join(), /length: expected length to be at least 3/);
    const conflict = await provider.check(STRING, { length: 2, number: false, numeric: true });
    assert.match(conflict.failures.join(), /number: .*write numeric alone/);
  });

  it("keeps its state when it is read", async () => {
    const { values } = await created(UUID, {});
    const read = await provider.read(UUID, values["result"] as string, values, {});
    assert.deepEqual(read.state.values, values);
  });
});
