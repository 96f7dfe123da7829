import type { FastifyInstance } from "fastify";
import { callOf } from "../call";
import type { Emulation } from "../emulation";
import type { Environment } from "../workplace/environment";
import type { Project } from "../workplace/project";

/** `/v3/environments`: list, create, read, change and delete environments. */
export function environmentRoutes(app: FastifyInstance, emulation: Emulation): void {
  const { authorization, tokens, now } = emulation;

  app.get("/environments", (request) => {
    const { caller, parameters } = callOf(request);
    const project = authorization.project(caller, parameters);
    return {
      page: 1,
      environments: authorization
        .environments(caller, project)
        .map((environment) => environmentBody(project, environment)),
    };
  });

  app.post("/environments", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const project = authorization.project(caller, parameters);
    const environment = project.addEnvironment(
      {
        name: parameters.requiredText("name"),
        slug: parameters.requiredText("slug"),
        personalConfigs: parameters.flag("personal_configs", false),
      },
      now(),
    );
    return { environment: environmentBody(project, environment) };
  });

  app.get("/environments/environment", (request) => {
    const { caller, parameters } = callOf(request);
    const environment = authorization.environment(caller, parameters);
    return { environment: environmentBody(authorization.project(caller, parameters), environment) };
  });

  app.put("/environments/environment", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const project = authorization.project(caller, parameters);
    const environment = authorization.environment(caller, parameters);
    project.updateEnvironment(environment, {
      name: parameters.text("name") ?? environment.name,
      slug: parameters.text("slug") ?? environment.slug,
      personalConfigs: parameters.flag("personal_configs", environment.personalConfigs),
    });
    return { environment: environmentBody(project, environment) };
  });

  app.delete("/environments/environment", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const project = authorization.project(caller, parameters);
    tokens.revokeAll(project.removeEnvironment(authorization.environment(caller, parameters)));
    return { success: true };
  });
}

function environmentBody(project: Project, environment: Environment): Record<string, unknown> {
  return {
    id: environment.slug,
    slug: environment.slug,
    name: environment.name,
    project: project.name,
    personal_configs: environment.personalConfigs,
    initial_fetch_at: project.findConfig(environment.slug)?.initialFetchAt ?? null,
    created_at: environment.createdAt,
  };
}
