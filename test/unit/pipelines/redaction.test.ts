import assert from "node:assert/strict";
import { redacted, secretVariables } from "../../../ci/redaction";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";

describe("redacted", () => {
  const variables = { KEY: "canary-one-value", PEM: "canary-first-line\ncanary-second-line", SHORT: "dev" };
  const shown = (text: string) => redacted(text, Object.keys(variables), variables);

  it("takes values out as they are, line by line, and as Kubernetes writes them", () => {
    assert.equal(shown("a canary-one-value b"), "a [KEY] b");
    assert.equal(shown("canary-second-line"), "[PEM]");
    assert.equal(shown(Buffer.from(variables.KEY).toString("base64")), "[KEY]");
  });

  it("leaves ordinary words alone", () => {
    assert.equal(shown("the stack dev"), "the stack dev");
  });

  it("knows what Pulumi logs in with, also where there is no such stack", () => {
    for (const stack of ["dev", "nowhere"])
      assert.ok(secretVariables(stack, PROJECT_FOLDER).includes("DOPPLER_TOKEN"));
  });
});
