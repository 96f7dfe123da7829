import assert from "node:assert/strict";

import { Project } from "./project";

/**
 * A policy pack as the engine sees it: the Analyzer service. It refuses passwords under 20 characters, and names its
 * stack as the SDK finds it in the environment.
 */
const PACK = `
const grpc = require("@grpc/grpc-js");
const { AnalyzerService } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const pulumi = require("@pulumi/pulumi");

const stack = pulumi.getStack();
const least = new pulumi.Config("engine").requireNumber("least");
console.log("loaded for", stack);

function violations(request) {
  const { length } = request.getProperties().toJavaScript();
  if (!request.getType().endsWith(":RandomPassword") || length >= least) return [];
  return [
    new messages.AnalyzeDiagnostic()
      .setPolicyname("password-length")
      .setPolicypackname("example-pack")
      .setPolicypackversion(process.env.npm_package_version ?? "1.0.0")
      .setMessage(\`a password in \${stack} needs \${least} characters\`)
      .setUrn(request.getUrn())
      .setEnforcementlevel(messages.EnforcementLevel.MANDATORY),
  ];
}

const server = new grpc.Server();
server.addService(AnalyzerService, {
  analyze: ({ request }, callback) =>
    callback(null, new messages.AnalyzeResponse().setDiagnosticsList(violations(request))),
  analyzeStack: (_call, callback) => callback(null, new messages.AnalyzeResponse()),
  remediate: (_call, callback) => callback(null, new messages.RemediateResponse()),
  getAnalyzerInfo: (_call, callback) =>
    callback(null, new messages.AnalyzerInfo().setName("example-pack").setVersion("1.0.0")),
  getPluginInfo: (_call, callback) => callback(null, new PluginInfo().setVersion("1.0.0")),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_error, port) => console.log(port));
`;

const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
new random.RandomPassword("password", { length: new pulumi.Config().requireNumber("length") });
`;

describe("Pulumi's engine with a policy pack", () => {
  let project: Project;

  before(async () => {
    project = await Project.create({
      "index.js": PROGRAM,
      "pack/PulumiPolicy.yaml":
        "name: example-pack\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
      "pack/package.json": JSON.stringify({ name: "example-pack", version: "1.0.0", main: "index.js" }),
      "pack/index.js": PACK,
    });
    await project.succeed("config", "set", "least", "20");
  });

  after(() => {
    project.remove();
  });

  it("passes what obeys", async () => {
    await project.succeed("config", "set", "length", "20");
    assert.match(await project.succeed("preview", "--policy-pack", "pack"), /RandomPassword password create/);
  });

  it("fails a preview at a mandatory violation, naming the stack that the pack was told", async () => {
    await project.succeed("config", "set", "length", "19");
    const output = await project.fail("preview", "--policy-pack", "pack");
    assert.match(output, /password-length/);
    assert.match(output, /a password in dev needs 20 characters/);
  });

  it("makes nothing at a mandatory violation", async () => {
    await project.fail("up", "--policy-pack", "pack");
    const types = (await project.resources()).map(({ type }) => type);
    assert.equal(types.includes("random:index/randomPassword:RandomPassword"), false);
  });

  it("says why a pack does not start", async () => {
    project.write({ "pack/index.js": `throw new Error("the pack is broken");` });
    assert.match(await project.fail("preview", "--policy-pack", "pack"), /the pack is broken/);
  });
});
