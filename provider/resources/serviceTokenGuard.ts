import { DopplerError } from "../../clients/doppler";
import { PlatformConfiguration } from "../configuration";
import { ResourceDefinition, Values } from "../definition";
import { changedNames } from "../difference";

interface GuardInputs {
  project: string;
  configs: string[];
  prefix: string;
}

/** Makes nothing; when it is destroyed it revokes every token whose name begins with the stack's own prefix. */
export const serviceTokenGuard: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news) => {
    const changed = changedNames(olds, news);
    return { changed, replaces: changed.filter((property) => property !== "configs") };
  },
  create: (_context, inputs) => Promise.resolve({ id: guardInputs(inputs).prefix, outputs: inputs }),
  update: (_context, _id, _state, news) => Promise.resolve(news),
  delete: async (context, _id, state) => {
    const { project, configs, prefix } = guardInputs(state);
    const doppler = context.configuration.doppler();
    for (const config of configs) {
      try {
        const tokens = await doppler.serviceTokens(project, config);
        for (const token of tokens.filter(({ name }) => name.startsWith(prefix))) {
          await doppler.revokeServiceToken(project, config, token.slug);
          context.log("info", `revoked service token "${token.name}" of ${config}: no state knew it`);
        }
      } catch (error) {
        // A config that is gone took its tokens with it.
        if (error instanceof DopplerError && error.status === 404) continue;
        throw error;
      }
    }
  },
};

function guardInputs(values: Values): GuardInputs {
  return values as unknown as GuardInputs;
}
