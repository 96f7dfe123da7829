import assert from "node:assert/strict";

import { checkArguments, defaultedArguments, type Argument } from "../../../local/engine/providers/arguments";
import { UNKNOWN } from "../../../provider/definition";

const SCHEMA: Record<string, Argument> = {
  project: { type: "string", required: true },
  access: { type: "string", required: false, default: "read", oneOf: ["read", "read/write"] },
  length: { type: "number", required: false, minimum: 1 },
  enabled: { type: "boolean", required: false },
  keepers: { type: "map", required: false },
  steps: { type: "list", required: false },
  names: { type: "set", required: false },
  backend: { type: "string", required: false, path: true },
};

function failures(news: Record<string, unknown>): string[] {
  return checkArguments(SCHEMA, news).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("checkArguments", () => {
  it("fills in defaults, and notes which", () => {
    const { inputs } = checkArguments(SCHEMA, { project: "example", __defaults: [] });
    assert.deepEqual(inputs, { project: "example", access: "read", __defaults: ["access"] });
    assert.deepEqual(defaultedArguments(inputs), ["access"]);
  });

  it("reads numbers and booleans that are written as strings", () => {
    const { inputs } = checkArguments(SCHEMA, { project: "p", length: "20", enabled: "false" });
    assert.equal(inputs["length"], 20);
    assert.equal(inputs["enabled"], false);
  });

  it("keeps the order of lists, and puts sets in order, each item once", () => {
    const items = ["b", "a", "b"];
    const { inputs } = checkArguments(SCHEMA, { project: "p", steps: items, names: items });
    assert.deepEqual(inputs["steps"], ["b", "a", "b"]);
    assert.deepEqual(inputs["names"], ["a", "b"]);
    assert.deepEqual(items, ["b", "a", "b"]);
    assert.deepEqual(checkArguments(SCHEMA, { project: "p", names: [] }).inputs["names"], []);
  });

  it("leaves a set as it is while some of it is not known yet", () => {
    const names = ["b", UNKNOWN, "a"];
    const { inputs, failures: found } = checkArguments(SCHEMA, { project: "p", names, steps: [UNKNOWN] });
    assert.deepEqual(found, []);
    assert.deepEqual(inputs["names"], names);
  });

  it("refuses lists and sets of anything but strings", () => {
    assert.deepEqual(failures({ project: "p", steps: "a", names: { a: "b" } }), [
      "steps: expected steps to be a list of strings, got another string",
      "names: expected names to be a list of strings, got an object",
    ]);
    assert.deepEqual(failures({ project: "p", names: ["hunter2", 5], backend: ["a"] }), [
      "names: expected names to be a list of strings, got an array",
      "backend: expected backend to be a string, got an array",
    ]);
  });

  it("takes the slashes off the ends of a path", () => {
    const backend = (value: unknown) =>
      checkArguments(SCHEMA, { project: "p", backend: value }).inputs["backend"];
    assert.equal(backend("/clusters/dev//"), "clusters/dev");
    assert.equal(backend("clusters"), "clusters");
    assert.equal(backend(UNKNOWN), UNKNOWN);
  });

  it("reports what is missing, unknown, or not allowed", () => {
    assert.match(failures({}).join(), /project: Missing required argument/);
    assert.match(
      failures({ project: "p", porject: "p" }).join(),
      /porject: Invalid or unknown key; write "project"/,
    );
    assert.match(
      failures({ project: "p", access: "write" }).join(),
      /access: .*one of "read", "read\/write"/,
    );
    assert.match(failures({ project: "p", length: 0 }).join(), /length: expected length to be at least 1/);
    assert.match(failures({ project: 5 }).join(), /project: expected project to be a string, got a number/);
    assert.match(failures({ project: "p", keepers: { a: 1 } }).join(), /keepers: .*map of strings/);
  });

  it("never repeats a string, which may be secret", () => {
    assert.doesNotMatch(failures({ project: "p", access: "hunter2" }).join(), /hunter2/);
  });

  it("accepts what is not known yet", () => {
    assert.deepEqual(failures({ project: UNKNOWN, access: UNKNOWN, length: UNKNOWN, keepers: UNKNOWN }), []);
    assert.deepEqual(failures({ project: "p", steps: UNKNOWN, names: UNKNOWN }), []);
  });
});
