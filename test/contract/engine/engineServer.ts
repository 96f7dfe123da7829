import * as grpc from "@grpc/grpc-js";
import { EngineService, type IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { listen } from "../../../provider/plugin";

/** A line that a plugin wanted the user to see. */
export interface LogLine {
  severity: LogSeverity;
  message: string;
  urn: string;
}

/** The end of the engine that plugins talk to, where no whole engine is needed: it keeps what they log. */
export class EngineServer {
  readonly lines: LogLine[] = [];
  readonly #server = new grpc.Server();

  /** @returns its address */
  async start(): Promise<string> {
    const service: Pick<IEngineServer, "log"> = {
      log: ({ request }: grpc.ServerUnaryCall<LogRequest, Empty>, callback) => {
        const [severity, message, urn] = [request.getSeverity(), request.getMessage(), request.getUrn()];
        this.lines.push({ severity, message, urn });
        callback(null, new Empty());
      },
    };
    this.#server.addService(EngineService, service);
    return `127.0.0.1:${await listen(this.#server)}`;
  }

  /** Ends as a killed engine does: connections close without a word. */
  stop(): void {
    this.#server.forceShutdown();
  }
}
