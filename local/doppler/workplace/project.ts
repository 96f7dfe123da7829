import { badRequest, configNotFound, environmentNotFound } from "../errors";
import { checkBranchName, Config } from "./config";
import { checkEnvironmentSlug, type Environment } from "./environment";

/** What an environment is made of. */
export interface EnvironmentArguments {
  name: string;
  slug: string;
  personalConfigs?: boolean;
}

/** A project: environments, and their configs by name. Config names are unique in the whole project. */
export class Project {
  readonly #environments: Environment[] = [];
  readonly #configs: Config[] = [];

  constructor(
    public name: string,
    public description: string,
    readonly createdAt: Date,
  ) {}

  /** The name as it stands in addresses: lower case, with dashes. */
  get slug(): string {
    return projectSlug(this.name);
  }

  get environments(): readonly Environment[] {
    return this.#environments;
  }

  get configs(): readonly Config[] {
    return this.#configs;
  }

  findEnvironment(slug: string): Environment | undefined {
    return this.#environments.find((environment) => environment.slug === slug);
  }

  findConfig(name: string): Config | undefined {
    return this.#configs.find((config) => config.name === name);
  }

  /** The environment, or Doppler's 404. */
  environment(slug: string): Environment {
    const environment = this.findEnvironment(slug);
    if (environment === undefined) {
      throw environmentNotFound();
    }
    return environment;
  }

  /** The config, or Doppler's 404. */
  config(name: string): Config {
    const config = this.findConfig(name);
    if (config === undefined) {
      throw configNotFound(name);
    }
    return config;
  }

  /** Makes an environment and, as Doppler does, its root config of the same name. */
  addEnvironment({ name, slug, personalConfigs = false }: EnvironmentArguments, now: Date): Environment {
    checkEnvironmentSlug(slug);
    this.#requireFreeNames(name, slug);
    const environment: Environment = { name, slug, personalConfigs, createdAt: now };
    this.#environments.push(environment);
    this.#configs.push(new Config(this, environment, slug, now));
    return environment;
  }

  /** Changes what is given. With the slug, the root config and the prefix of the branches change too. */
  updateEnvironment(environment: Environment, changes: Partial<EnvironmentArguments>): void {
    const { name = environment.name, slug = environment.slug } = changes;
    checkEnvironmentSlug(slug);
    this.#requireFreeNames(name, slug, environment);
    if (slug !== environment.slug) {
      const renamed = this.configsOf(environment).map(
        (config) => [config, slug + config.name.slice(environment.slug.length)] as const,
      );
      renamed.forEach(([config, configName]) => {
        this.#requireFreeConfigName(configName, config);
      });
      renamed.forEach(([config, configName]) => {
        config.name = configName;
      });
    }
    Object.assign(environment, {
      name,
      slug,
      personalConfigs: changes.personalConfigs ?? environment.personalConfigs,
    });
  }

  /** Removes an environment with all of its configs, which are returned. */
  removeEnvironment(environment: Environment): Config[] {
    const removed = this.configsOf(environment);
    this.#environments.splice(this.#environments.indexOf(environment), 1);
    for (const config of removed) {
      this.#configs.splice(this.#configs.indexOf(config), 1);
    }
    return removed;
  }

  /** The root config and the branches of an environment. */
  configsOf(environment: Environment): Config[] {
    return this.#configs.filter((config) => config.environment === environment);
  }

  /** Makes a branch config, which begins with all of the root's secrets. */
  addBranch(environment: Environment, name: string, now: Date): Config {
    checkBranchName(name, environment);
    this.#requireFreeConfigName(name);
    const branch = new Config(this, environment, name, now, this.config(environment.slug));
    this.#configs.push(branch);
    return branch;
  }

  renameConfig(config: Config, name: string): void {
    requireChangeable(config, "renamed");
    checkBranchName(name, config.environment);
    this.#requireFreeConfigName(name, config);
    config.name = name;
  }

  removeConfig(config: Config): void {
    requireChangeable(config, "deleted");
    this.#configs.splice(this.#configs.indexOf(config), 1);
  }

  #requireFreeNames(name: string, slug: string, self?: Environment): void {
    const taken = this.#environments.some(
      (other) => other !== self && (other.slug === slug || other.name === name),
    );
    if (taken) {
      throw badRequest("Name is already in use");
    }
    if (slug !== self?.slug) {
      this.#requireFreeConfigName(slug);
    }
  }

  #requireFreeConfigName(name: string, self?: Config): void {
    const holder = this.findConfig(name);
    if (holder !== undefined && holder !== self) {
      throw badRequest("Name is already in use");
    }
  }
}

/** The slug that a project of this name has. */
export function projectSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

function requireChangeable(config: Config, change: string): void {
  if (config.root) {
    throw badRequest(`Root config '${config.name}' cannot be ${change}: change its environment instead`);
  }
  if (config.locked) {
    throw badRequest(`Config '${config.name}' is locked and cannot be ${change}`);
  }
}
