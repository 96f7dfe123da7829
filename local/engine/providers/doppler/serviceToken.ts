import type { ServiceTokenArgs, ServiceTokenState } from "@pulumiverse/doppler";

import { resourceType } from "../resourceType";
import { callDoppler, readFromDoppler, type DopplerAccess } from "./client";
import { idParts } from "./id";

/** A service token as Doppler lists it; its key is there only once, in the answer to its creation. */
interface ServiceToken {
  project: string;
  config: string;
  slug: string;
  access: string;
}

const TOKENS = "/v3/configs/config/tokens";

/** https://docs.doppler.com/reference/service-tokens-create. Nothing of a token can change: it is replaced. */
export const serviceToken = resourceType<DopplerAccess, ServiceTokenArgs, ServiceTokenState>({
  arguments: {
    project: { type: "string", required: true },
    config: { type: "string", required: true },
    name: { type: "string", required: true },
    access: { type: "string", required: false, default: "read", oneOf: ["read", "read/write"] },
  },
  secretOutputs: ["key"],

  create: async (context, { project, config, name, access }) => {
    const body = { project, config, access, name };
    const answer = await callDoppler(context, { method: "POST", path: TOKENS, body });
    const { token } = answer as { token: ServiceToken & { key: string } };
    return {
      id: [token.project, token.config, token.slug].join("."),
      outputs: { project, config, name, access, key: token.key },
    };
  },

  read: async (context, id) => {
    const [project, config, slug] = idParts(id, "project.config.slug", 3);
    const answer = await readFromDoppler(context, {
      method: "GET",
      path: TOKENS,
      query: { project, config },
    });
    const tokens = (answer as { tokens: ServiceToken[] } | undefined)?.tokens;
    const token = tokens?.find((candidate) => candidate.slug === slug);
    return token && { project: token.project, config: token.config, access: token.access };
  },

  delete: async (context, id) => {
    const [project, config, slug] = idParts(id, "project.config.slug", 3);
    await callDoppler(context, {
      method: "DELETE",
      path: `${TOKENS}/token`,
      body: { project, config, slug },
    });
  },
});
