import * as grpc from "@grpc/grpc-js";

import { Engine } from "./engine";

/** Largest message, in bytes: what the SDK and the engine allow each other. */
const LARGEST_MESSAGE = 400 * 1024 * 1024;

/** What a process that the engine started serves. */
export interface Plugin {
  service: grpc.ServiceDefinition;
  implementation: grpc.UntypedServiceImplementation;
  /** Ends what is under way; the process exits when it is done. `reason` is for those who wait for an answer. */
  finish: (reason: string) => Promise<void>;
}

/** The engine's address is the last argument, after options such as `--logtostderr` or `-v=9`. */
function engineAddress(processArguments: readonly string[]): string | undefined {
  const last = processArguments.at(-1);
  return last === undefined || last.startsWith("-") ? undefined : last;
}

/** Listens on 127.0.0.1, on a port that the system chooses. */
export function listen(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) {
        reject(error);
      } else {
        resolve(port);
      }
    });
  });
}

/**
 * Serves a plugin to the engine that started this process, over gRPC on 127.0.0.1, and prints the port as the
 * first line of stdout. The process ends when the engine asks for it (SIGINT, SIGTERM), or is gone.
 *
 * @param make makes the plugin; it gets the engine where there is one, and how to connect to another one, for an
 *   engine that attaches to a process that it did not start
 * @returns once the server listens
 */
export async function servePlugin(
  make: (engine: Engine | undefined, connect: (address: string) => Engine) => Plugin,
): Promise<void> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": LARGEST_MESSAGE,
    "grpc.max_send_message_length": LARGEST_MESSAGE,
  });
  let ending = false;
  const end = (reason: string): void => {
    if (ending) {
      return;
    }
    ending = true;
    void plugin.finish(reason).then(() => {
      server.forceShutdown();
      process.exit(0);
    });
  };
  const connect = (address: string): Engine => {
    const engine = new Engine(address);
    engine.onGone(() => {
      end("the engine is gone");
    });
    return engine;
  };

  const address = engineAddress(process.argv.slice(2));
  const plugin = make(address === undefined ? undefined : connect(address), connect);
  server.addService(plugin.service, plugin.implementation);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      end("cancelled");
    });
  }
  const port = await listen(server);
  process.stdout.write(`${port}\n`);
}
