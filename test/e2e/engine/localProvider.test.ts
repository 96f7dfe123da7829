import assert from "node:assert/strict";
import { join } from "node:path";

import { Project } from "./project";

const CHECKOUT = join(__dirname, "..", "..", "..");

/** How provider/pulumi-resource-secrets-platform starts the project's own provider. */
const LAUNCHER = `#!/bin/sh
exec '${process.execPath}' '${CHECKOUT}/provider/typescript.cjs' \\
  '${CHECKOUT}/test/contract/engine/fixtures/exampleProvider.ts' "$@"
`;

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
class Provider extends pulumi.ProviderResource {
  constructor(name, args) { super("example", name, args); }
}
class Resource extends pulumi.CustomResource {
  constructor(type, name, args, options) { super("example:index:" + type, name, { made: undefined, ...args }, options); }
}
const config = new pulumi.Config();
const provider = new Provider("provider", { prefix: "prefix" });
const resource = new Resource(config.require("type"), "resource", { value: config.requireSecret("value") }, { provider });
exports.made = resource.made;
exports.value = resource.value;
`;

describe("Pulumi's engine with a provider in a folder of the project", () => {
  let project: Project;

  before(async () => {
    project = await Project.create({
      "Pulumi.yaml":
        "name: engine\nruntime:\n  name: nodejs\n  options: { typescript: false }\n" +
        "plugins:\n  providers:\n    - name: example\n      path: provider\n",
      "index.js": PROGRAM,
      "provider/pulumi-resource-example": LAUNCHER,
    });
    await project.succeed("config", "set", "--secret", "value", "canary-value");
    await project.succeed("config", "set", "type", "Plain");
  });

  after(() => {
    project.remove();
  });

  it("runs the executable in it", async () => {
    assert.match(await project.succeed("preview"), /example:index:Plain resource create/);
    await project.succeed("up");
    const resource = (await project.resources()).find(({ type }) => type === "example:index:Plain");
    assert.equal(resource?.id, "prefix-1");
  });

  it("keeps secret what it says is secret", async () => {
    assert.match(await project.succeed("stack", "output"), /made\s+\[secret\]/);
    assert.deepEqual(project.filesWith("made-secret"), []);
    assert.deepEqual(project.filesWith("canary-value"), []);
  });

  it("changes nothing the second time", async () => {
    await project.succeed("up", "--expect-no-changes");
  });

  it("shows lines and errors without what is secret", async () => {
    await project.succeed("config", "set", "type", "Failing");
    const output = await project.fail("up");
    assert.match(output, /about to fail with \[secret\]/);
    assert.match(output, /failed with \[secret\] for prefix/);
    assert.equal(project.printed.includes("canary-value"), false);
  });

  it("remembers what was made in part, and finishes it", async () => {
    await project.succeed("config", "set", "type", "Partial");
    assert.match(await project.fail("up"), /the second half failed/);
    const partial = async () =>
      (await project.resources()).find(({ type }) => type === "example:index:Partial");
    assert.equal((await partial())?.id, "half");
    await project.succeed("up");
    assert.equal((await partial())?.initErrors, undefined);
    await project.succeed("destroy");
    assert.deepEqual(await project.resources(), []);
  });
});
