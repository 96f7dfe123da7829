import assert from "node:assert/strict";

import { Project } from "./project";

const TYPESCRIPT = "name: engine\nruntime: nodejs\n";

describe("Pulumi's engine with a program in Node", () => {
  let project: Project;

  before(async () => {
    project = await Project.create({ "index.js": "" });
  });

  after(() => {
    project.remove();
  });

  it("shows what the program prints, and its outputs", async () => {
    project.write({
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        console.log("to stdout from", pulumi.getProject(), pulumi.getStack());
        console.error("to stderr");
        exports.dryRun = pulumi.runtime.isDryRun();
      `,
    });
    const output = await project.succeed("preview");
    assert.match(output, /to stdout from engine dev/);
    assert.match(output, /to stderr/);
    assert.match(output, /dryRun: true/);
    assert.match(await project.succeed("up"), /dryRun: false/);
  });

  it("tells the exit code of a program that ends itself", async () => {
    project.write({ "index.js": "process.exit(5);" });
    assert.match(await project.fail("preview"), /Program exited with non-zero exit code: 5/);
  });

  it("tells the signal that ended a program", async () => {
    project.write({ "index.js": `process.kill(process.pid, "SIGKILL");` });
    assert.match(await project.fail("preview"), /Program ended by the signal SIGKILL/);
  });

  it("shows an exception once, with the place in the program, and no exit code", async () => {
    project.write({ "index.js": `function build() { throw new Error("the store is missing"); }\nbuild();` });
    const output = await project.fail("preview");
    assert.equal(output.match(/Error: the store is missing/g)?.length, 1);
    assert.match(output, /at build .*index\.js:1/);
    assert.doesNotMatch(output, /exit code/);
  });

  it("shows a rejection that nobody handles", async () => {
    project.write({ "index.js": `Promise.reject(new Error("nobody waits for this"));` });
    assert.match(await project.fail("preview"), /nobody waits for this/);
  });

  it("shows an error that is meant for people without a stack", async () => {
    project.write({ "index.js": `throw new (require("@pulumi/pulumi").RunError)("write a namespace");` });
    const output = await project.fail("preview");
    assert.match(output, /error: write a namespace/);
    assert.doesNotMatch(output, /\bat .*index\.js/);
  });

  it("keeps what the configuration says is secret a secret", async () => {
    project.write({
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const config = new pulumi.Config();
        exports.keys = JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS).join();
        exports.secret = config.requireSecret("password").apply((password) => password + "!");
      `,
    });
    await project.succeed("config", "set", "--secret", "password", "canary-password");
    const output = await project.succeed("preview");
    assert.match(output, /secret\s*: \[secret\]/);
    assert.match(output, /keys\s*: "engine:password"/);
  });

  it("compiles TypeScript, and reports type errors", async () => {
    project.write({
      "Pulumi.yaml": TYPESCRIPT,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { module: "node20", strict: true, skipLibCheck: true },
      }),
      "package.json": JSON.stringify({ name: "engine", version: "1.2.3", main: "index.ts" }),
      "index.ts": `const answer: number = 42;\nexport const answered = answer + 1;\n`,
    });
    assert.match(await project.succeed("preview"), /answered: 43/);
    project.write({ "index.ts": `export const answer: number = "42";\n` });
    assert.match(
      await project.fail("preview"),
      /index\.ts\(?:?1[^]*Type 'string' is not assignable to type 'number'/,
    );
  });

  it("reads the tsconfig that the runtime options name", async () => {
    project.write({
      "Pulumi.yaml": "name: engine\nruntime:\n  name: nodejs\n  options: { tsconfig: tsconfig.fast.json }\n",
      "tsconfig.fast.json": JSON.stringify({ compilerOptions: { module: "node20", noCheck: true } }),
    });
    assert.match(await project.succeed("preview"), /answer: "42"/);
  });

  it("passes arguments on to Node", async () => {
    project.write({
      "Pulumi.yaml":
        "name: engine\nruntime:\n  name: nodejs\n  options: { typescript: false, nodeargs: --title=with-title --stack-trace-limit=7 }\n",
      "package.json": JSON.stringify({ name: "engine", version: "1.2.3" }),
      "index.js": "exports.title = process.title; exports.limit = Error.stackTraceLimit;",
    });
    const output = await project.succeed("preview");
    assert.match(output, /title\s*: "with-title"/);
    assert.match(output, /limit\s*: 7/);
  });

  it("says what to write instead of a wrong option", async () => {
    project.write({
      "Pulumi.yaml": "name: engine\nruntime:\n  name: nodejs\n  options: { typescript: maybe }\n",
    });
    assert.match(await project.fail("preview"), /typescript: found "maybe"; write true or false/);
  });

  it("runs resource hooks, and fails an operation whose hook before it fails", async () => {
    project.write({
      "Pulumi.yaml": "name: engine\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const random = require("@pulumi/random");
        const config = new pulumi.Config();
        const hook = new pulumi.ResourceHook("ready", ({ name }) => {
          console.log("hook of", name);
          if (config.get("refuse")) throw new Error("the operator is not ready");
        });
        new random.RandomId("id", { byteLength: 4 }, { hooks: { beforeCreate: [hook] } });
      `,
    });
    await project.succeed("config", "set", "refuse", "yes");
    assert.match(await project.fail("up"), /the operator is not ready/);
    assert.equal(
      (await project.resources()).some(({ type }) => type.includes("RandomId")),
      false,
    );
    await project.succeed("config", "rm", "refuse");
    assert.match(await project.succeed("up"), /hook of id/);
    assert.equal(
      (await project.resources()).some(({ type }) => type.includes("RandomId")),
      true,
    );
  });

  it("tells about itself", async () => {
    const output = await project.succeed("about");
    assert.match(output, /language\s+nodejs\s+\d+\.\d+\.\d+/);
    assert.match(output, /written in nodejs: executable='.*' version='v\d+/);
    assert.doesNotMatch(output, /using pulumi-language-nodejs from \$PATH/);
  });
});
