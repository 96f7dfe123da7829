import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";

import { configurationService } from "./configurationService";
import type { ProviderDefinition } from "./definition";
import { servePlugin } from "./plugin";
import { resourceService } from "./resourceService";
import { ProviderSession } from "./session";

/**
 * Serves a provider to the engine that started this process: Pulumi's ResourceProvider protocol over gRPC on
 * 127.0.0.1, on a port that is printed as the first line of stdout. Calls that a definition has no place for
 * (invoke, call, construct, list, mappings) are answered as unimplemented.
 *
 * The process ends when the engine asks for it, or when the engine is gone; operations that are under way are
 * told through their signal, and get 4 seconds.
 *
 * @returns once the server listens
 */
export function serveProvider<C>(definition: ProviderDefinition<C>): Promise<void> {
  return servePlugin((engine, connect) => {
    const session = new ProviderSession(definition, engine);
    return {
      service: ResourceProviderService,
      implementation: { ...configurationService(session, connect), ...resourceService(session) },
      finish: (reason) => session.finish(reason),
    };
  });
}
