import * as grpc from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzerHandshakeResponse,
  AnalyzerStackConfigureResponse,
  type AnalyzerStackConfigureRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";

import { messageOf } from "../../../provider/message";
import { listen } from "../../../provider/plugin";
import { deferred } from "./deferred";

type UnaryMethod = grpc.MethodDefinition<object, object>;

/** Answers the engine in a policy pack's place until the pack runs, and passes everything on to it from then. */
export class PolicyPackProxy {
  readonly #server = new grpc.Server();
  readonly #stack = deferred<AnalyzerStackConfigureRequest | undefined>();
  readonly #pack = deferred<grpc.Client>();
  #client: grpc.Client | undefined;
  #unread = "";

  constructor() {
    // Whoever waits for the pack gets to know; nobody may be waiting.
    this.#pack.promise.catch(() => undefined);
    const methods: Record<string, UnaryMethod> = AnalyzerService;
    const forwarded = Object.entries(methods).map(([name, method]) => [name, this.#forward(method)]);
    this.#server.addService(AnalyzerService, {
      ...(Object.fromEntries(forwarded) as grpc.UntypedServiceImplementation),
      handshake: (_call: unknown, callback: grpc.sendUnaryData<AnalyzerHandshakeResponse>) => {
        callback(null, new AnalyzerHandshakeResponse());
      },
      configureStack: (
        call: grpc.ServerUnaryCall<AnalyzerStackConfigureRequest, AnalyzerStackConfigureResponse>,
        callback: grpc.sendUnaryData<AnalyzerStackConfigureResponse>,
      ) => {
        this.#stack.resolve(call.request);
        callback(null, new AnalyzerStackConfigureResponse());
      },
    });
  }

  /** @returns the port for the engine */
  listen(): Promise<number> {
    return listen(this.#server);
  }

  /** What a policy pack reads about its stack from the environment; nothing when the engine has no stack. */
  async stackEnvironment(signal: AbortSignal): Promise<NodeJS.ProcessEnv> {
    signal.addEventListener("abort", () => {
      this.#stack.resolve(undefined);
    });
    const stack = await this.#stack.promise;
    return stack
      ? {
          PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
          PULUMI_NODEJS_PROJECT: stack.getProject(),
          PULUMI_NODEJS_STACK: stack.getStack(),
          PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
          PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().entries())),
          PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(stack.getConfigSecretKeysList()),
        }
      : {};
  }

  /**
   * Reads what the pack prints until it prints its port.
   *
   * @returns what of the chunk is for people
   */
  readOutput(chunk: Buffer): Buffer[] {
    if (this.#client) {
      return [chunk];
    }
    const lines = (this.#unread + chunk.toString()).split("\n");
    this.#unread = lines.pop() ?? "";
    const at = lines.findIndex((line) => /^\d+\s*$/.test(line));
    if (at >= 0) {
      this.#client = new grpc.Client(`127.0.0.1:${Number(lines[at])}`, grpc.credentials.createInsecure());
      this.#pack.resolve(this.#client);
      lines.splice(at, 1);
      lines.push(this.#unread);
      return [Buffer.from(lines.join("\n"))];
    }
    return lines.map((line) => Buffer.from(`${line}\n`));
  }

  /** Fails calls that wait for a pack which ended before it served. */
  packEnded(how: string): void {
    this.#pack.reject(new Error(`The policy pack ended before it served: ${how}`));
  }

  close(): void {
    this.#client?.close();
    this.#server.forceShutdown();
  }

  #forward(method: UnaryMethod): grpc.handleUnaryCall<object, object> {
    return ({ request }, callback) => {
      // Without a stack (`pulumi policy publish`) other calls come first.
      this.#stack.resolve(undefined);
      this.#pack.promise.then(
        (pack) => {
          pack.makeUnaryRequest(
            method.path,
            method.requestSerialize,
            method.responseDeserialize,
            request,
            (error, response) => {
              callback(error, response);
            },
          );
        },
        (error: unknown) => {
          callback({ code: grpc.status.UNAVAILABLE, details: messageOf(error) });
        },
      );
    };
  }
}
