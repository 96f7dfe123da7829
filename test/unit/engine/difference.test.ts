import assert from "node:assert/strict";

import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";

import { UNKNOWN } from "../../../provider/definition";
import { changedNames, encodeDifference } from "../../../provider/difference";

describe("changedNames", () => {
  it("compares deeply", () => {
    assert.deepEqual(changedNames({ a: { b: [1] }, c: 1 }, { a: { b: [1] }, c: 2 }), ["c"]);
  });

  it("takes null for what is not there", () => {
    assert.deepEqual(changedNames({ a: null }, {}), []);
  });

  it("takes an unknown for a change", () => {
    assert.deepEqual(changedNames({ a: "x" }, { a: UNKNOWN }), ["a"]);
  });
});

describe("encodeDifference", () => {
  const { Kind } = PropertyDiff;

  it("says that nothing differs", () => {
    const response = encodeDifference({ changed: [], deleteBeforeReplace: true }, {}, {});
    assert.equal(response.getChanges(), DiffResponse.DiffChanges.DIFF_NONE);
    assert.equal(response.getDeletebeforereplace(), false);
  });

  it("tells each property's kind of change", () => {
    const difference = { changed: ["added", "gone", "other"], replaces: ["other", "late"] };
    const olds = { gone: 1, other: 1 };
    const response = encodeDifference(difference, olds, { added: 1, other: 2, late: 1 });
    const details = response.getDetaileddiffMap();
    assert.equal(response.getChanges(), DiffResponse.DiffChanges.DIFF_SOME);
    assert.deepEqual(response.getReplacesList(), ["other", "late"]);
    assert.equal(details.get("added")?.getKind(), Kind.ADD);
    assert.equal(details.get("gone")?.getKind(), Kind.DELETE);
    assert.equal(details.get("other")?.getKind(), Kind.UPDATE_REPLACE);
    assert.equal(details.get("late")?.getKind(), Kind.ADD_REPLACE);
  });

  it("quotes names that are no identifiers, so that the engine reads them as one", () => {
    const response = encodeDifference({ changed: ["a.b"] }, {}, { "a.b": 1 });
    assert.equal(response.getDetaileddiffMap().has('["a.b"]'), true);
  });
});
