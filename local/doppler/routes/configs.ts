import type { FastifyInstance } from "fastify";
import { callOf } from "../call";
import type { Emulation } from "../emulation";
import { pageOf } from "../parameters";
import type { Config } from "../workplace/config";

/** `/v3/configs`: list, create, read, rename, clone, lock, unlock and delete configs. */
export function configRoutes(app: FastifyInstance, emulation: Emulation): void {
  const { authorization, tokens, now } = emulation;

  app.get("/configs", (request) => {
    const { caller, parameters } = callOf(request);
    const project = authorization.project(caller, parameters);
    const environment =
      parameters.text("environment") === undefined
        ? undefined
        : authorization.environment(caller, parameters);
    const page = parameters.page();
    const configs = authorization
      .configs(caller, project)
      .filter((config) => environment === undefined || config.environment === environment);
    return { page: page.page, configs: pageOf(configs, page).map(configBody) };
  });

  app.post("/configs", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const environment = authorization.environment(caller, parameters);
    const project = authorization.project(caller, parameters);
    return {
      config: configBody(project.addBranch(environment, parameters.requiredText("name"), now())),
    };
  });

  app.get("/configs/config", (request) => {
    const { caller, parameters } = callOf(request);
    return { config: configBody(authorization.config(caller, parameters)) };
  });

  app.post("/configs/config", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const config = authorization.config(caller, parameters);
    config.project.renameConfig(config, parameters.requiredText("name"));
    return { config: configBody(config) };
  });

  app.delete("/configs/config", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const config = authorization.config(caller, parameters);
    config.project.removeConfig(config);
    tokens.revokeAll([config]);
    return { success: true };
  });

  app.post("/configs/config/clone", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const config = authorization.config(caller, parameters);
    const clone = config.project.addBranch(config.environment, parameters.requiredText("name"), now());
    clone.replaceOwn(new Map(config.own));
    return { config: configBody(clone) };
  });

  for (const [path, locked] of [
    ["lock", true],
    ["unlock", false],
  ] as const) {
    app.post(`/configs/config/${path}`, (request) => {
      const { caller, parameters } = callOf(request);
      authorization.requireProvisioning(caller);
      const config = authorization.config(caller, parameters);
      config.locked = locked;
      return { config: configBody(config) };
    });
  }
}

function configBody(config: Config): Record<string, unknown> {
  return {
    id: config.name,
    slug: config.name,
    name: config.name,
    project: config.project.name,
    environment: config.environment.slug,
    root: config.root,
    locked: config.locked,
    initial_fetch_at: config.initialFetchAt,
    last_fetch_at: config.lastFetchAt,
    created_at: config.createdAt,
  };
}
