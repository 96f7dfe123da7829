import assert from "node:assert/strict";
import { SourceNetworks } from "../../../../services/secrets/access/sourceNetworks";
import { digestOf, TokenDigest } from "../../../../services/secrets/access/tokenDigest";
import { WrongTokens } from "../../../../services/secrets/access/wrongTokens";

describe("SourceNetworks", () => {
  const networks = new SourceNetworks(["10.1.0.0/16", "fd00::/8"]);
  for (const [address, isIn] of [
    ["10.1.2.3", true],
    ["::ffff:10.1.2.3", true],
    ["10.2.0.1", false],
    ["fd12::1", true],
    ["::1", false],
    ["", false],
  ] as const) {
    it(`says ${isIn} for "${address}"`, () => {
      assert.equal(networks.includes(address), isIn);
    });
  }
});

describe("WrongTokens", () => {
  it("limits an address and no other, and does not grow without end", () => {
    const wrong = new WrongTokens(2);
    wrong.count("a");
    assert.equal(wrong.isLimited("a"), false);
    wrong.count("a");
    assert.equal(wrong.isLimited("a"), true);
    assert.equal(wrong.isLimited("b"), false);
    for (let index = 0; index < 10_000; index++) wrong.count(`address-${index}`);
    // Addresses beyond those that are counted apart share a count.
    wrong.count("late");
    wrong.count("later");
    assert.equal(wrong.isLimited("latest"), true);
    assert.equal(wrong.isLimited("address-5"), false);
  });
});

describe("TokenDigest", () => {
  it("equals the digest of its token alone", () => {
    const digest = new TokenDigest(digestOf("token"));
    assert.equal(digest.equals(digestOf("token")), true);
    assert.equal(digest.equals(digestOf("tokem")), false);
  });
});
