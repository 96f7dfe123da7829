import assert from "node:assert/strict";

import { checkArguments, defaultedArguments, type Argument } from "../../../local/engine/providers/arguments";
import { UNKNOWN } from "../../../provider/definition";

const SCHEMA: Record<string, Argument> = {
  project: { type: "string", required: true },
  access: { type: "string", required: false, default: "read", oneOf: ["read", "read/write"] },
  length: { type: "number", required: false, minimum: 1 },
  enabled: { type: "boolean", required: false },
  keepers: { type: "map", required: false },
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
  });
});
