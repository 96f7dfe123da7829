import {
  configNotFound,
  invalidToken,
  noAccess,
  notPermitted,
  projectNotFound,
  type DopplerError,
} from "../errors";
import type { Parameters } from "../parameters";
import type { Config } from "../workplace/config";
import type { Environment } from "../workplace/environment";
import type { Project } from "../workplace/project";
import type { Workplace } from "../workplace/workplace";
import type { Caller } from "./tokens";

/**
 * How the service account is told that a project does not exist. Doppler has been seen to answer both: 404, and
 * 400 "This token does not have access", as it does for what the token may not see.
 */
export type MissingProjects = "not-found" | "no-access";

/** The key of an Authorization header: `Bearer KEY`, or `Basic` with the key as user name. */
export function keyOf(authorization: string | undefined): string | undefined {
  const [scheme = "", credentials = ""] = (authorization ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") {
    return credentials;
  }
  if (scheme.toLowerCase() === "basic") {
    return Buffer.from(credentials, "base64").toString("utf8").split(":")[0];
  }
  return undefined;
}

/** Decides what a caller may reach, and finds it. */
export class Authorization {
  constructor(
    private readonly workplace: Workplace,
    private readonly missingProjects: MissingProjects,
  ) {}

  /** The caller, or Doppler's 401. */
  authenticated(caller: Caller | undefined): Caller {
    if (caller === undefined) {
      throw invalidToken();
    }
    return caller;
  }

  /** Throws unless the caller may change projects, environments, configs and tokens. */
  requireProvisioning(caller: Caller): void {
    if (caller.kind !== "service-account") {
      throw notPermitted("provision: use a service account token");
    }
  }

  /** Throws unless the caller may change secrets. */
  requireSecretWriting(caller: Caller): void {
    if (caller.kind === "service-token" && caller.access !== "read/write") {
      throw notPermitted("write secrets: its access is 'read'");
    }
  }

  /** The projects that the caller sees. */
  projects(caller: Caller): readonly Project[] {
    return caller.kind === "service-account" ? this.workplace.projects : [caller.config.project];
  }

  /** The environments of a project that the caller sees. */
  environments(caller: Caller, project: Project): readonly Environment[] {
    return caller.kind === "service-account" ? project.environments : [caller.config.environment];
  }

  /** The configs of a project that the caller sees. */
  configs(caller: Caller, project: Project): readonly Config[] {
    return caller.kind === "service-account" ? project.configs : [caller.config];
  }

  /** The project that a call names. A service token need not name its own. */
  project(caller: Caller, parameters: Parameters): Project {
    if (caller.kind === "service-account") {
      const name = parameters.requiredText("project");
      const project = this.workplace.findProject(name);
      if (project === undefined) {
        throw this.#missingProject(name);
      }
      return project;
    }
    const { project } = caller.config;
    const name = parameters.text("project");
    if (name !== undefined && this.workplace.findProject(name) !== project) {
      throw noAccess("project", name);
    }
    return project;
  }

  /** The environment that a call names. */
  environment(caller: Caller, parameters: Parameters): Environment {
    const project = this.project(caller, parameters);
    const slug = parameters.requiredText("environment");
    if (caller.kind === "service-token" && caller.config.environment.slug !== slug) {
      throw noAccess("environment", slug);
    }
    return project.environment(slug);
  }

  /** The config that a call names. A service token need not name its own. */
  config(caller: Caller, parameters: Parameters): Config {
    const project = this.project(caller, parameters);
    if (caller.kind === "service-account") {
      const name = parameters.requiredText("config");
      const config = project.findConfig(name);
      if (config === undefined) {
        throw configNotFound(name);
      }
      return config;
    }
    const name = parameters.text("config");
    if (name !== undefined && name !== caller.config.name) {
      throw noAccess("config", name);
    }
    return caller.config;
  }

  #missingProject(name: string): DopplerError {
    return this.missingProjects === "not-found" ? projectNotFound() : noAccess("project", name);
  }
}
