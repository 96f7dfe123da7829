import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

const SEVERITIES = { info: LogSeverity.INFO, warning: LogSeverity.WARNING } as const;

/** The engine that started this process: lines it shows to the user, and whether it still runs. */
export class Engine {
  readonly #client: EngineClient;

  /** @param address host and port that the engine named when it started this process */
  constructor(readonly address: string) {
    this.#client = new EngineClient(address, grpc.credentials.createInsecure());
  }

  /** Shows a line beside a resource. A line that cannot be delivered is dropped: it must not fail an operation. */
  log(severity: "info" | "warning", message: string, urn: string): Promise<void> {
    const request = new LogRequest().setSeverity(SEVERITIES[severity]).setMessage(message).setUrn(urn);
    return new Promise((resolve) => {
      this.#client.log(request, () => {
        resolve();
      });
    });
  }

  /** Calls back once when the engine is gone, however it ended: its end of the connection closes with it. */
  onGone(callback: () => void): void {
    const channel = this.#client.getChannel();
    const watch = (): void => {
      const state = channel.getConnectivityState(true);
      if (state === grpc.connectivityState.TRANSIENT_FAILURE) {
        callback();
      } else if (state !== grpc.connectivityState.SHUTDOWN) {
        channel.watchConnectivityState(state, Infinity, watch);
      }
    };
    watch();
  }

  close(): void {
    this.#client.close();
  }
}
