import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { resolveApplication } from "./application";
import type { Application, ResolvedApplication } from "./application";
import { readApplication } from "./applicationFile";
import type { ApplicationDraft } from "./applicationFile";
import { checkGrants, checkIsolation } from "./isolation";
import { Location } from "./location";
import { ConfigurationError } from "./problem";
import type { Problem } from "./problem";
import { readStack } from "./stackReading";
import { stackSource } from "./stackSource";
import type { StackConfiguration } from "./stack";
import { fileFailure, readTextFile } from "./textFile";
import { checkSharedCluster, checkUniqueness } from "./uniqueness";
import { checkVariableUses } from "./variables";
import { readYaml } from "./yamlDocument";

/** Where a project's configuration comes from. */
export interface ProjectSources {
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** The stack's configuration by key without the project's prefix, objects already parsed. */
  readonly values: Record<string, unknown>;
  /** Folder of the project: that of Pulumi.yaml. */
  readonly folder: string;
}

/** A stack's configuration and the applications of its project. */
export interface Project {
  readonly configuration: StackConfiguration;
  /** Every application of every environment. */
  readonly applications: readonly Application[];
}

/**
 * Reads the application files of a folder and of those in it: every `*.yaml` and `*.yml`.
 *
 * @param folder the folder, relative to `root`; messages name files under it
 * @param environments every environment of the project
 * @param root the project's folder. Default: the working directory
 * @returns the applications of all environments, by file
 * @throws ConfigurationError with every mistake of every file
 */
export function loadApplications(
  folder: string,
  environments: readonly string[],
  root: string = process.cwd(),
): Application[] {
  const problems: Problem[] = [];
  return accepted(readApplications(folder, environments, root, problems), problems);
}

/**
 * The applications of an environment, every value decided.
 *
 * @param environment default: the stack's own. The owner of a cluster also resolves for the other environments
 *   it serves, to know which namespaces use the shared stores
 * @throws ConfigurationError when an application asks for what the stack's configuration does not allow
 */
export function resolveApplications(
  applications: readonly Application[],
  configuration: StackConfiguration,
  environment: string = configuration.environment,
): ResolvedApplication[] {
  const problems: Problem[] = [];
  const { environments, doppler, externalSecrets, vaultSecretsOperator, vault, stack } = configuration;
  const isOwn = environment === configuration.environment;
  const ownConfig = isOwn ? doppler.config : undefined;
  const allowed = {
    environment,
    environments,
    ownConfig,
    shared: doppler.shared,
    operatorNamespace: externalSecrets.namespace,
    vaultOperatorNamespace: vaultSecretsOperator.namespace,
    vault: isOwn ? { stack, grants: vault?.grants } : undefined,
  };
  checkIsolation(applications, allowed, problems);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return applications
    .filter((application) => application.environments.includes(environment))
    .map((application) => resolveApplication(application, environment, ownConfig ?? environment));
}

/**
 * Reads a stack's configuration and the applications of its project.
 *
 * @throws ConfigurationError with the mistakes of both
 */
export function loadProject({ stack, values, folder }: ProjectSources): Project {
  const problems: Problem[] = [];
  const source = stackSource(stack, folder);
  const draft = readStack(stack, values, source, problems);
  const { complete, uses, onCluster, environments, applications, grants = {} } = draft;
  const drafts = readApplications(applications, environments, folder, problems);
  for (const allowed of uses) checkIsolation(drafts, allowed, problems);
  checkGrants(grants, drafts, new Location(source, problems, ["vault", "grants"]));
  checkSharedCluster(drafts, onCluster, problems);
  const loaded = accepted(drafts, problems);
  if (complete === undefined) throw new ConfigurationError(problems);
  return { configuration: complete, applications: loaded };
}

function accepted(drafts: readonly ApplicationDraft[], problems: readonly Problem[]): Application[] {
  if (problems.length > 0) throw new ConfigurationError(problems);
  return drafts.flatMap(({ complete }) => complete ?? []);
}

function readApplications(
  folder: string,
  environments: readonly string[] | undefined,
  root: string,
  problems: Problem[],
): ApplicationDraft[] {
  const drafts = applicationFiles(folder, root, problems).flatMap((file) => {
    const text = readText(resolve(root, file), file, problems);
    return text === undefined
      ? []
      : [readApplication(readYaml(text, file, problems), environments, problems)];
  });
  checkUniqueness(drafts, problems);
  checkVariableUses(
    drafts.flatMap(({ complete }) => complete ?? []),
    problems,
  );
  return drafts;
}

/** The application files of a folder, sorted, relative to `root`. Hidden files are an editor's. */
function applicationFiles(folder: string, root: string, problems: Problem[]): string[] {
  try {
    return readdirSync(resolve(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => /^[^.].*\.ya?ml$/.test(entry.name) && !entry.isDirectory())
      .map((entry) => join(folder, relative(resolve(root, folder), entry.parentPath), entry.name))
      .sort();
  } catch (error) {
    const remedy =
      "a folder that can be read, or another name as `applications` in the stack's configuration";
    problems.push({
      file: folder,
      path: "",
      found: `a folder that cannot be read (${fileFailure(error)})`,
      remedy,
    });
    return [];
  }
}

function readText(path: string, file: string, problems: Problem[]): string | undefined {
  try {
    return readTextFile(path);
  } catch (error) {
    problems.push({
      file,
      path: "",
      found: `a file that cannot be read (${fileFailure(error)})`,
      remedy: "text in UTF-8",
    });
    return undefined;
  }
}
