import assert from "node:assert/strict";
import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { version } from "@pulumi/pulumi/version";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { EngineServer } from "./engineServer";
import { LanguageHost, programInfo } from "./languageHost";
import { unaryCall } from "./unaryCall";

const CHECKOUT = join(__dirname, "..", "..", "..");

describe("the embedded language host", () => {
  let engine: EngineServer;
  let host: LanguageHost;
  let folder: string;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "language-host-")));
    engine = new EngineServer();
    host = await LanguageHost.start(await engine.start());
  });

  afterEach(async () => {
    await host.stop();
    engine.stop();
    rmSync(folder, { recursive: true });
  });

  /** Makes the folder one of a plugin that finds the SDK. */
  function plugin(program: string): void {
    symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "plugin", main: "index.js" }));
    writeFileSync(join(folder, "index.js"), program);
  }

  function run(request: messages.RunRequest): Promise<messages.RunResponse> {
    return unaryCall<messages.RunResponse>((callback) => host.client.run(request, callback));
  }

  it("has the SDK's version, and asks for no plugins in advance", async () => {
    const info = await unaryCall<PluginInfo>((callback) => host.client.getPluginInfo(new Empty(), callback));
    assert.equal(info.getVersion(), version);
    const request = new messages.GetRequiredPackagesRequest().setInfo(programInfo(CHECKOUT));
    const required = await unaryCall<messages.GetRequiredPackagesResponse>((callback) =>
      host.client.getRequiredPackages(request, callback),
    );
    assert.deepEqual(required.getPackagesList(), []);
  });

  it("tells what a program runs with", async () => {
    const request = new messages.AboutRequest().setInfo(programInfo(CHECKOUT));
    const about = await unaryCall<messages.AboutResponse>((callback) => host.client.about(request, callback));
    assert.equal(about.getVersion(), process.version);
    assert.equal(about.getMetadataMap().get("packagemanager"), "npm");
    assert.match(about.getMetadataMap().get("typescriptVersion") ?? "", /^\d+\.\d+\.\d+/);
  });

  it("lists a program's dependencies", async () => {
    const request = new messages.GetProgramDependenciesRequest().setInfo(programInfo(CHECKOUT));
    const response = await unaryCall<messages.GetProgramDependenciesResponse>((callback) =>
      host.client.getProgramDependencies(request, callback),
    );
    const sdk = response
      .getDependenciesList()
      .find((dependency) => dependency.getName() === "@pulumi/pulumi");
    assert.equal(sdk?.getVersion(), version);
  });

  it("asks for a package manager only when the program names none", async () => {
    const prompts = async (options: Record<string, string>): Promise<string[]> => {
      const request = new messages.RuntimeOptionsRequest().setInfo(programInfo(folder, options));
      const response = await unaryCall<messages.RuntimeOptionsResponse>((callback) =>
        host.client.runtimeOptionsPrompts(request, callback),
      );
      return response.getPromptsList().map((prompt) => prompt.getKey());
    };
    assert.deepEqual(await prompts({}), ["packagemanager"]);
    assert.deepEqual(await prompts({ packagemanager: "npm" }), []);
  });

  describe("installing dependencies", () => {
    async function install(options: Record<string, string> = {}): Promise<string> {
      const request = new messages.InstallDependenciesRequest().setInfo(programInfo(folder, options));
      let output = "";
      await new Promise<void>((resolve, reject) => {
        host.client
          .installDependencies(request)
          .on("data", (response: messages.InstallDependenciesResponse) => {
            output += Buffer.from(response.getStdout_asU8()).toString();
          })
          .once("end", resolve)
          .once("error", reject);
      });
      return output;
    }

    it("runs npm in the program's folder, and shows what it says", async () => {
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", version: "1.0.0" }));
      const output = await install();
      assert.match(
        output,
        /^Installing dependencies\.\.\.[^]*up to date[^]*Finished installing dependencies/,
      );
      assert.equal(existsSync(join(folder, "package-lock.json")), true);
    });

    it("fails when npm fails, or there is nothing to install", async () => {
      await assert.rejects(install(), { details: /No package\.json in .*: run `npm init` there/ });
      writeFileSync(join(folder, "package.json"), "{");
      await assert.rejects(install(), { details: /^npm install exited with non-zero exit code: \d+$/ });
      await assert.rejects(install({ packagemanager: "pip" }), {
        details: /packagemanager: found "pip"; write auto/,
      });
    });
  });

  describe("running a plugin", () => {
    it("streams its output and its exit code, and passes arguments and environment on", async () => {
      plugin(`
        console.log(process.argv.slice(2).join(), process.env.GREETING, process.env.PULUMI_NODEJS_TYPESCRIPT);
        console.error("to stderr");
        process.exit(3);
      `);
      const { stdout, stderr, code } = await host.startPlugin(folder, { arguments: ["one", "two"] }).ended;
      assert.match(stdout, /one,two a=b true\n$/);
      assert.equal(stderr, "to stderr\n");
      assert.equal(code, 3);
    });

    it("passes on a stack trace of what fails as it loads", async () => {
      plugin(`throw new Error("no such thing");`);
      const { stderr, code } = await host.startPlugin(folder).ended;
      assert.match(stderr, /no such thing/);
      assert.notEqual(code, 0);
    });

    it("says what to do when the SDK is not installed", async () => {
      await assert.rejects(host.startPlugin(folder).ended, {
        details: `The Pulumi SDK is not installed in ${folder}: run \`npm install\` or \`pulumi install\` there`,
      });
    });

    it("ends it when the engine ends the call", async () => {
      plugin(`console.log(process.pid); setInterval(() => {}, 1000);`);
      const started = host.startPlugin(folder);
      const pid = Number(await started.printed(/\d+(?=\n)/));
      const cancelled = assert.rejects(started.ended);
      started.stream.cancel();
      await cancelled;
      await gone(pid);
    });

    it("ends it when the engine is gone, and itself", async () => {
      plugin(`console.log(process.pid); setInterval(() => {}, 1000);`);
      const started = host.startPlugin(folder);
      started.ended.catch(() => undefined);
      const pid = Number(await started.printed(/\d+(?=\n)/));
      engine.stop();
      await gone(pid);
      await gone(host.process.child.pid ?? 0);
    });
  });

  describe("running a program", () => {
    it("fails with a message when the SDK is not installed", async () => {
      const response = await run(new messages.RunRequest().setInfo(programInfo(folder)));
      assert.match(response.getError(), /The Pulumi SDK is not installed in .*: run `npm install`/);
    });

    it("fails with a message when an option is wrong", async () => {
      const response = await run(
        new messages.RunRequest().setInfo(programInfo(folder, { typescript: "yes" })),
      );
      assert.match(response.getError(), /typescript: found "yes"; write true or false/);
    });

    it("says that it has no debugger", async () => {
      const request = new messages.RunRequest().setInfo(programInfo(folder)).setAttachDebugger(true);
      assert.match((await run(request)).getError(), /run without --attach-debugger/);
    });

    it("needs to know the engine", async () => {
      const alone = await LanguageHost.start();
      try {
        const request = new messages.RunRequest().setInfo(programInfo(folder));
        await assert.rejects(
          unaryCall<messages.RunResponse>((callback) => alone.client.run(request, callback)),
          (error: grpc.ServiceError) => error.details.includes("call Handshake first"),
        );
      } finally {
        await alone.stop();
      }
    });
  });
});

/** Waits until a process is gone, or at most five seconds. */
async function gone(pid: number): Promise<void> {
  assert.ok(pid > 0);
  const deadline = Date.now() + 5000;
  while (isAlive(pid)) {
    assert.ok(Date.now() < deadline, `process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
