import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { startPlugin, type PluginProcess } from "./pluginProcess";

/** What a plugin that the host ran has printed, and how it ended. */
export interface PluginRun {
  stdout: string;
  stderr: string;
  code: number | undefined;
}

/** Talks to the language host's process as the engine does. */
export class LanguageHost {
  private constructor(
    readonly process: PluginProcess,
    readonly client: LanguageRuntimeClient,
  ) {}

  static async start(engine?: string, environment: NodeJS.ProcessEnv = {}): Promise<LanguageHost> {
    const plugin = await startPlugin("local/engine/language/main.ts", engine, environment);
    return new LanguageHost(
      plugin,
      new LanguageRuntimeClient(plugin.address, grpc.credentials.createInsecure()),
    );
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.process.stop();
  }

  /** Starts a plugin; output is handed over as it comes. */
  startPlugin(folder: string, options: { kind?: string; arguments?: string[] } = {}): StartedPlugin {
    const request = new messages.RunPluginRequest()
      .setInfo(programInfo(folder))
      .setPwd(folder)
      .setKind(options.kind ?? "resource")
      .setArgsList(options.arguments ?? [])
      .setEnvList([
        ...Object.entries(process.env).map(([name, value]) => `${name}=${value}`),
        "GREETING=a=b",
      ]);
    return new StartedPlugin(this.client.runPlugin(request));
  }
}

/** A plugin that runs. */
export class StartedPlugin {
  readonly #output: PluginRun = { stdout: "", stderr: "", code: undefined };
  /** Resolves when the plugin has ended. */
  readonly ended: Promise<PluginRun>;

  constructor(readonly stream: grpc.ClientReadableStream<messages.RunPluginResponse>) {
    stream.on("data", (response: messages.RunPluginResponse) => {
      this.#output.stdout += Buffer.from(response.getStdout_asU8()).toString();
      this.#output.stderr += Buffer.from(response.getStderr_asU8()).toString();
      if (response.getOutputCase() === messages.RunPluginResponse.OutputCase.EXITCODE) {
        this.#output.code = response.getExitcode();
      }
    });
    this.ended = new Promise((resolve, reject) => {
      stream.once("end", () => {
        resolve(this.#output);
      });
      stream.once("error", reject);
    });
  }

  /** Resolves with what stdout holds once it holds something that fits. */
  async printed(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#output.stdout);
      if (found) {
        return found[0];
      }
      await new Promise((resolve) => this.stream.once("data", resolve));
    }
  }
}

/** What the engine says about a program. */
export function programInfo(
  folder: string,
  options: Record<string, string | boolean> = {},
): messages.ProgramInfo {
  return new messages.ProgramInfo()
    .setRootDirectory(folder)
    .setProgramDirectory(folder)
    .setEntryPoint(".")
    .setOptions(Struct.fromJavaScript(options));
}
