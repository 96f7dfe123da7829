import type { FastifyInstance } from "fastify";
import { callOf } from "../call";
import type { Emulation } from "../emulation";
import { pageOf } from "../parameters";
import type { EnvironmentArguments, Project } from "../workplace/project";

/** What Doppler puts into a new project unless it is told not to. */
const DEFAULT_ENVIRONMENTS: readonly EnvironmentArguments[] = [
  { name: "Development", slug: "dev" },
  { name: "Staging", slug: "stg" },
  { name: "Production", slug: "prd" },
];

/** `/v3/projects`: list, create, read, change and delete projects. */
export function projectRoutes(app: FastifyInstance, emulation: Emulation): void {
  const { workplace, authorization, tokens, now } = emulation;

  app.get("/projects", (request) => {
    const { caller, parameters } = callOf(request);
    const page = parameters.page();
    return {
      page: page.page,
      projects: pageOf(authorization.projects(caller), page).map(projectBody),
    };
  });

  app.post("/projects", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const withEnvironments = parameters.flag("create_default_environments", true);
    const project = workplace.addProject(
      parameters.requiredText("name"),
      parameters.text("description") ?? "",
      now(),
    );
    for (const environment of withEnvironments ? DEFAULT_ENVIRONMENTS : []) {
      project.addEnvironment(environment, now());
    }
    return { project: projectBody(project) };
  });

  app.get("/projects/project", (request) => {
    const { caller, parameters } = callOf(request);
    return { project: projectBody(authorization.project(caller, parameters)) };
  });

  app.post("/projects/project", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const project = authorization.project(caller, parameters);
    workplace.renameProject(project, parameters.text("name") ?? project.name);
    const { description } = parameters.values;
    project.description = typeof description === "string" ? description : project.description;
    return { project: projectBody(project) };
  });

  app.delete("/projects/project", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const project = authorization.project(caller, parameters);
    workplace.removeProject(project);
    tokens.revokeAll(project.configs);
    return { success: true };
  });
}

function projectBody(project: Project): Record<string, unknown> {
  return {
    id: project.slug,
    slug: project.slug,
    name: project.name,
    description: project.description,
    created_at: project.createdAt,
  };
}
