import { PlatformConfiguration } from "../configuration";
import { ResourceDefinition } from "../definition";

/** Makes nothing: its place in the order is its use. */
export const vaultReady: ResourceDefinition<PlatformConfiguration> = {
  create: (_context, inputs) => Promise.resolve({ id: "vault", outputs: inputs }),
  update: (_context, _id, _state, news) => Promise.resolve(news),
};
