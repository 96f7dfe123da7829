import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeService, type ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  LanguageHandshakeResponse,
  TemplateResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { version } from "@pulumi/pulumi/version";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { Engine } from "../../../provider/engine";
import { messageOf } from "../../../provider/message";
import { servePlugin } from "../../../provider/plugin";
import { about } from "./about";
import { dependenciesResponse } from "./dependencies";
import { installDependencies } from "./installDependencies";
import { runtimeOptionsPrompts } from "./prompts";
import { runProgram } from "./run";
import { runPlugin } from "./runPlugin";

/** What this host answers; code generation, packing and linking are answered as unimplemented. */
type LanguageService = Pick<
  ILanguageRuntimeServer,
  | "handshake"
  | "getPluginInfo"
  | "getRequiredPackages"
  | "getRequiredPlugins"
  | "template"
  | "cancel"
  | "run"
  | "runPlugin"
  | "installDependencies"
  | "about"
  | "getProgramDependencies"
  | "runtimeOptionsPrompts"
>;

/**
 * Serves Pulumi's LanguageRuntime protocol (proto/pulumi/language.proto) for programs, policy packs and plugins in
 * Node, as the vendor's `pulumi-language-nodejs` does: where that one is not to be had, this one runs in its place.
 *
 * @returns once the server listens
 */
export function serveLanguageHost(): Promise<void> {
  return servePlugin((engine, connect) => {
    const running = new Set<Promise<unknown>>();
    const cancellation = new AbortController();
    return {
      service: LanguageRuntimeService,
      implementation: languageService({ engine, connect, cancellation, running }),
      finish: async (reason) => {
        cancellation.abort(new Error(reason));
        await Promise.allSettled(running);
      },
    };
  });
}

interface Host {
  engine: Engine | undefined;
  connect: (address: string) => Engine;
  cancellation: AbortController;
  /** Programs and plugins that run. */
  running: Set<Promise<unknown>>;
}

function languageService(host: Host): LanguageService {
  return {
    handshake: unary((request) => {
      host.engine = host.connect(request.getEngineAddress());
      return new LanguageHandshakeResponse();
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    // None: plugins load when a resource needs them. Named here, each one would be looked for on the vendor's
    // download host before the program runs, also those that it never uses.
    getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new GetRequiredPluginsResponse()),
    template: unary(() => new TemplateResponse()),
    cancel: unary(() => {
      host.cancellation.abort(new Error("cancelled"));
      return new Empty();
    }),
    run: unary(async (request, signal) => {
      if (!host.engine) {
        throw new Error(
          "The engine's address is not known: start this host with it, or call Handshake first",
        );
      }
      return runProgram(request, host.engine.address, signal);
    }),
    runPlugin: streaming(runPlugin),
    installDependencies: streaming(installDependencies),
    about: unary(about),
    getProgramDependencies: unary(dependenciesResponse),
    runtimeOptionsPrompts: unary(runtimeOptionsPrompts),
  };

  function unary<Request, Response>(
    handle: (request: Request, signal: AbortSignal) => Response | Promise<Response>,
  ): grpc.handleUnaryCall<Request, Response> {
    return (call, callback) => {
      track(call, async (signal) => handle(call.request, signal)).then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback({ code: grpc.status.UNKNOWN, details: messageOf(error) });
        },
      );
    };
  }

  function streaming<Request, Response>(
    handle: (call: grpc.ServerWritableStream<Request, Response>, signal: AbortSignal) => Promise<void>,
  ): grpc.handleServerStreamingCall<Request, Response> {
    return (call) => {
      track(call, (signal) => handle(call, signal)).catch((error: unknown) => {
        call.emit("error", { code: grpc.status.UNKNOWN, details: messageOf(error) });
      });
    };
  }

  /** Runs until it is done, or until the engine cancels this call, or everything. */
  function track<T>(
    call: { on: (event: "cancelled", listener: () => void) => unknown },
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const cancelled = new AbortController();
    call.on("cancelled", () => {
      cancelled.abort(new Error("cancelled"));
    });
    const result = run(AbortSignal.any([cancelled.signal, host.cancellation.signal]));
    host.running.add(result);
    const forget = (): void => {
      host.running.delete(result);
    };
    result.then(forget, forget);
    return result;
  }
}
