import type { ProjectArgs, ProjectState } from "@pulumiverse/doppler";

import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callDoppler, readFromDoppler, type DopplerAccess } from "./client";

interface Project {
  slug: string;
  name: string;
  description?: string | null;
}

const PROJECT = "/v3/projects/project";

/** https://docs.doppler.com/reference/projects-create. A project made here has no environments of its own. */
export const project = resourceType<DopplerAccess, ProjectArgs, ProjectState>({
  arguments: {
    name: { type: "string", required: true },
    description: { type: "string", required: false },
  },
  importable: true,

  create: async (context, { name, description }) => {
    const body = { name, create_default_environments: false, ...(description && { description }) };
    const answer = await callDoppler(context, { method: "POST", path: "/v3/projects", body });
    return {
      id: projectIn(answer).slug,
      outputs: { name, description },
    };
  },

  read: async (context, id) => {
    const answer = await readFromDoppler(context, { method: "GET", path: PROJECT, query: { project: id } });
    return answer === undefined ? undefined : stateOf(projectIn(answer));
  },

  update: async (context, id, _state, { name, description = "" }) => {
    const body = { project: id, name, description };
    return stateOf(projectIn(await callDoppler(context, { method: "POST", path: PROJECT, body })));
  },

  delete: async (context, id) => {
    await callDoppler(context, { method: "DELETE", path: PROJECT, body: { project: id } });
  },
});

function projectIn(answer: unknown): Project {
  return (answer as { project: Project }).project;
}

function stateOf({ name, description }: Project): PlainValues<ProjectState> {
  return { name, description: description ?? "" };
}
