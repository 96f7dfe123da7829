import { badRequest } from "../errors";
import type { Environment } from "./environment";
import type { Project } from "./project";
import { checkConfigSize, MANAGED_SECRETS, type Secret } from "./secret";

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}$/;

/** A set of secrets: an environment's root config, or a branch of it that overrides some of them. */
export class Config {
  locked = false;
  /** When a client first and last read the secrets. */
  initialFetchAt: Date | null = null;
  lastFetchAt: Date | null = null;
  #own: ReadonlyMap<string, Secret> = new Map();

  /** @param parent the root config, for a branch. */
  constructor(
    readonly project: Project,
    readonly environment: Environment,
    public name: string,
    readonly createdAt: Date,
    readonly parent?: Config,
  ) {}

  /** Whether this is the environment's own config rather than a branch. */
  get root(): boolean {
    return this.parent === undefined;
  }

  /** The secrets that are set in this config itself. */
  get own(): ReadonlyMap<string, Secret> {
    return this.#own;
  }

  /** Replaces all secrets of this config at once, so that a refused change leaves nothing half done. */
  replaceOwn(secrets: ReadonlyMap<string, Secret>): void {
    checkConfigSize(secrets);
    this.#own = secrets;
  }

  /** A secret as this config has it: its own, one of the root's, or one that Doppler manages. */
  secret(name: string): Secret | undefined {
    return this.#managed(name) ?? this.#own.get(name) ?? this.parent?.own.get(name);
  }

  /** The names of all secrets, sorted, with or without the three that Doppler manages. */
  names(withManaged = true): string[] {
    const names = new Set([...this.#own.keys(), ...(this.parent?.own.keys() ?? [])]);
    if (withManaged) {
      MANAGED_SECRETS.forEach((name) => names.add(name));
    }
    return [...names].sort();
  }

  /** Notes that a client has read the secrets. */
  fetched(at: Date): void {
    this.initialFetchAt ??= at;
    this.lastFetchAt = at;
  }

  #managed(name: string): Secret | undefined {
    const raw =
      name === "DOPPLER_CONFIG"
        ? this.name
        : name === "DOPPLER_ENVIRONMENT"
          ? this.environment.slug
          : name === "DOPPLER_PROJECT"
            ? this.project.name
            : undefined;
    return raw === undefined ? undefined : { raw, visibility: "unmasked", valueType: "string" };
  }
}

/** Throws when Doppler would not take the name for a branch of the environment. */
export function checkBranchName(name: string, environment: Environment): void {
  if (!NAME.test(name)) {
    throw badRequest(
      `Config name '${name.slice(0, 60)}' is invalid: use lower case letters, digits, underscores and dashes, ` +
        "at most 60 characters",
    );
  }
  if (!name.startsWith(`${environment.slug}_`)) {
    throw badRequest(`Config name '${name}' is invalid: it must begin with '${environment.slug}_'`);
  }
}
