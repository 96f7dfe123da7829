import type { BranchConfigArgs, BranchConfigState } from "@pulumiverse/doppler";

import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callDoppler, readFromDoppler, type DopplerAccess } from "./client";
import { idParts } from "./id";

interface Config {
  project: string;
  environment: string;
  name: string;
}

const CONFIG = "/v3/configs/config";
const ID = "project.environment.config";

/**
 * https://docs.doppler.com/reference/configs-create. As with the vendor's provider, the id stays what it was when a
 * config is renamed in place, so that later operations do not find it: give it its name once.
 */
export const branchConfig = resourceType<DopplerAccess, BranchConfigArgs, BranchConfigState>({
  arguments: {
    project: { type: "string", required: true, replaces: true },
    environment: { type: "string", required: true, replaces: true },
    name: { type: "string", required: false },
  },
  autonamed: "name",
  importable: true,

  create: async (context, { project, environment, name }) => {
    const body = { project, environment, name };
    const made = configIn(await callDoppler(context, { method: "POST", path: "/v3/configs", body }));
    return { id: [made.project, made.environment, made.name].join("."), outputs: stateOf(made) };
  },

  read: async (context, id) => {
    const [project, , config] = idParts(id, ID, 3);
    const answer = await readFromDoppler(context, {
      method: "GET",
      path: CONFIG,
      query: { project, config },
    });
    return answer === undefined ? undefined : stateOf(configIn(answer));
  },

  update: async (context, id, _state, { name }) => {
    const [project, , config] = idParts(id, ID, 3);
    const body = { project, config, name };
    return stateOf(configIn(await callDoppler(context, { method: "POST", path: CONFIG, body })));
  },

  delete: async (context, id) => {
    const [project, , config] = idParts(id, ID, 3);
    await callDoppler(context, { method: "DELETE", path: CONFIG, body: { project, config } });
  },
});

function configIn(answer: unknown): Config {
  return (answer as { config: Config }).config;
}

function stateOf({ project, environment, name }: Config): PlainValues<BranchConfigState> {
  return { project, environment, name };
}
