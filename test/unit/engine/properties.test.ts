import assert from "node:assert/strict";

import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { UNKNOWN } from "../../../provider/definition";
import { decodeProperties, encodeProperties, hideSecrets } from "../../../provider/properties";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const UNKNOWN_NUMBER = "3eeb2bf0-c639-47a8-9e75-3b44932eb421";

function secret(value: unknown): object {
  return { [SIGNATURE]: SECRET, value };
}

describe("decodeProperties", () => {
  it("unwraps secrets at any depth, and notes which properties hold them", () => {
    const struct = Struct.fromJavaScript({
      plain: "a",
      token: secret("s3cret"),
      nested: { list: [1, secret({ key: "inner", more: ["deep"] })] },
    });
    const { values, secretNames, secretStrings } = decodeProperties(struct);
    assert.deepEqual(values, {
      plain: "a",
      token: "s3cret",
      nested: { list: [1, { key: "inner", more: ["deep"] }] },
    });
    assert.deepEqual([...secretNames].sort(), ["nested", "token"]);
    assert.deepEqual([...secretStrings].sort(), ["deep", "inner", "s3cret"]);
  });

  it("reads the engine's unknowns of any type, inside secrets too", () => {
    const struct = Struct.fromJavaScript({ count: UNKNOWN_NUMBER, token: secret(UNKNOWN_NUMBER) });
    const { values, secretNames, secretStrings } = decodeProperties(struct);
    assert.deepEqual(values, { count: UNKNOWN, token: UNKNOWN });
    assert.deepEqual([...secretNames], ["token"]);
    assert.deepEqual(secretStrings, []);
  });

  it("refuses an asset, naming the property", () => {
    const struct = Struct.fromJavaScript({ files: [{ [SIGNATURE]: ASSET, text: "x" }] });
    assert.throws(() => decodeProperties(struct), /^Error: files\[0\]: found an asset or archive/);
  });

  it("reads nothing as no properties", () => {
    assert.deepEqual(decodeProperties(undefined).values, {});
  });
});

describe("encodeProperties", () => {
  it("gives back what it decodes, with the same secrets and unknowns", () => {
    const values = { plain: [1, true, null], token: { key: "x" }, later: UNKNOWN };
    const decoded = decodeProperties(encodeProperties(values, new Set(["token", "later"])));
    assert.deepEqual(decoded.values, values);
    assert.deepEqual([...decoded.secretNames].sort(), ["later", "token"]);
  });

  it("leaves out what is undefined", () => {
    const { values } = decodeProperties(encodeProperties({ a: undefined, b: { c: undefined, d: 1 } }));
    assert.deepEqual(values, { b: { d: 1 } });
  });

  it("refuses what has no place in a property, naming it", () => {
    assert.throws(() => encodeProperties({ a: { b: [Number.NaN] } }), /^Error: a\.b\[0\]: a number cannot/);
    assert.throws(() => encodeProperties({ a: 1n }), /^Error: a: a bigint cannot/);
  });
});

describe("hideSecrets", () => {
  it("hides every occurrence, the longest secret first", () => {
    const message = "token abcd-efgh and abcd";
    assert.equal(hideSecrets(message, ["abcd", "abcd-efgh"]), "token [secret] and [secret]");
  });

  it("leaves alone what is too short to tell from other text", () => {
    assert.equal(hideSecrets("a dev config", ["dev"]), "a dev config");
  });
});
