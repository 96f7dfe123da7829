import * as pulumi from "@pulumi/pulumi";
import { DopplerClient } from "../clients/doppler";

/**
 * Runs before a service token is minted: revokes tokens of exactly the name that is about to be used. The stack's
 * random instance and the generation stand in the name, so that only an update that died between the call and the
 * checkpoint can have made them.
 */
export function serviceTokenLeftovers(doppler: () => Promise<DopplerClient>): pulumi.ResourceHook {
  return new pulumi.ResourceHook("service-token-leftovers", async (args) => {
    const { project, config, name } = args.newInputs as { project: string; config: string; name: string };
    const client = await doppler();
    for (const token of await client.serviceTokens(project, config)) {
      if (token.name !== name) continue;
      await client.revokeServiceToken(project, config, token.slug);
      await pulumi.log.info(
        `revoked a service token "${name}" that an interrupted update had left in ${config}`,
      );
    }
  });
}
