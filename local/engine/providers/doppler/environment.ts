import type { EnvironmentArgs, EnvironmentState } from "@pulumiverse/doppler";

import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callDoppler, readFromDoppler, type DopplerAccess } from "./client";
import { idParts } from "./id";

interface Environment {
  project: string;
  slug: string;
  name: string;
  personal_configs?: boolean;
}

const ENVIRONMENT = "/v3/environments/environment";
const ID = "project.environment";

/** https://docs.doppler.com/reference/environments-create. Doppler makes a root config of the same name with it. */
export const environment = resourceType<DopplerAccess, EnvironmentArgs, EnvironmentState>({
  arguments: {
    project: { type: "string", required: true, replaces: true },
    slug: { type: "string", required: true },
    name: { type: "string", required: true },
    personalConfigs: { type: "boolean", required: false, default: false },
  },
  importable: true,

  create: async (context, { project, slug, name, personalConfigs }) => {
    const body = { project, slug, name, personal_configs: personalConfigs };
    const answer = await callDoppler(context, { method: "POST", path: "/v3/environments", body });
    const made = environmentIn(answer);
    return { id: [made.project, made.slug].join("."), outputs: { project, slug, name, personalConfigs } };
  },

  read: async (context, id) => {
    const [project, slug] = idParts(id, ID, 2);
    const query = { project, environment: slug };
    const answer = await readFromDoppler(context, { method: "GET", path: ENVIRONMENT, query });
    return answer === undefined ? undefined : stateOf(environmentIn(answer));
  },

  update: async (context, id, _state, { slug, name, personalConfigs }) => {
    const [project, current] = idParts(id, ID, 2);
    const query = { project, environment: current };
    const body = { slug, name, personal_configs: personalConfigs };
    return stateOf(
      environmentIn(await callDoppler(context, { method: "PUT", path: ENVIRONMENT, query, body })),
    );
  },

  delete: async (context, id) => {
    const [project, slug] = idParts(id, ID, 2);
    await callDoppler(context, {
      method: "DELETE",
      path: ENVIRONMENT,
      query: { project, environment: slug },
    });
  },
});

function environmentIn(answer: unknown): Environment {
  return (answer as { environment: Environment }).environment;
}

function stateOf({ project, slug, name, personal_configs }: Environment): PlainValues<EnvironmentState> {
  return { project, slug, name, personalConfigs: personal_configs ?? false };
}
