import type { ApplicationDraft } from "./applicationFile";
import { Location } from "./location";
import { pathIn, valueIn } from "./perEnvironment";
import type { Problem } from "./problem";
import { unknownName } from "./reading";
import { SHARED_TREES, isBelow, isShared } from "./vaultPath";

/** What a stack allows its applications; undefined is unknown, since the stack's configuration is wrong there. */
export interface AllowedUse {
  readonly environment: string;
  /** Every environment of the project. */
  readonly environments: readonly string[];
  /** The environment's own Doppler config; undefined: that of another stack, which only its own file names. */
  readonly ownConfig: string | undefined;
  /** Doppler configs of all environments. */
  readonly shared: readonly string[] | undefined;
  /** Namespace of External Secrets Operator and of the token Secrets. */
  readonly operatorNamespace: string | undefined;
  /** Namespace of Vault Secrets Operator. */
  readonly vaultOperatorNamespace: string | undefined;
  /** Undefined: also that of another stack, which only its own file tells. */
  readonly vault: VaultUse | undefined;
}

/** What a stack tells of Vault. */
export interface VaultUse {
  readonly stack: string;
  /** Path in Vault -> applications that may read it. Undefined: the stack has no configuration for Vault. */
  readonly grants: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * The environment that a Doppler config belongs to by its name: Doppler names a root config after its environment
 * and starts the names of branches with it, `dev_personal`.
 *
 * @returns undefined when the name tells of no environment
 */
export function environmentOf(config: string, environments: readonly string[]): string | undefined {
  return environments
    .filter((environment) => config === environment || config.startsWith(`${environment}_`))
    .sort((a, b) => b.length - a.length)[0];
}

/**
 * Refuses what an environment's applications may not use: configs of other environments, the operators' namespaces,
 * paths in Vault that are neither their own nor shared nor granted.
 */
export function checkIsolation(
  applications: readonly ApplicationDraft[],
  allowed: AllowedUse,
  problems: Problem[],
): void {
  const { environment, shared, vault } = allowed;
  for (const application of applications.filter(({ environments }) => environments.includes(environment))) {
    const { source } = application;
    checkNamespaces(application, allowed, problems);
    for (const { config } of application.secrets) {
      if (config === undefined || shared === undefined) continue;
      const name = valueIn(config.value, environment);
      const path = [...config.path, ...pathIn(config.value, environment)];
      if (name !== undefined) checkConfig(name, shared, allowed, new Location(source, problems, path));
    }
    if (vault !== undefined) checkVault(application, vault, environment, problems);
  }
}

/** The Secrets in an operator's namespace open every store: no application is in it. */
function checkNamespaces(
  { namespace, source }: ApplicationDraft,
  { environment, operatorNamespace, vaultOperatorNamespace }: AllowedUse,
  problems: Problem[],
): void {
  const name = namespace && valueIn(namespace, environment);
  if (namespace === undefined || name === undefined) return;
  const location = new Location(source, problems, ["namespace", ...pathIn(namespace, environment)]);
  const remedy = "a namespace of the application's own";
  if (name === operatorNamespace)
    location.refuse(`${JSON.stringify(name)}, the namespace of the operator and of its tokens`, remedy);
  if (name === vaultOperatorNamespace)
    location.refuse(`${JSON.stringify(name)}, the namespace of Vault Secrets Operator`, remedy);
}

function checkVault(
  { name, service, secrets, source }: ApplicationDraft,
  { stack, grants }: VaultUse,
  environment: string,
  problems: Problem[],
): void {
  const [first, ...others] = secrets.filter((secret) => secret.source === "vault");
  if (first === undefined) return;
  if (grants === undefined) {
    const remedy = `\`vault: { address: https://vault.example:8200 }\` in Pulumi.${stack}.yaml`;
    new Location(source, problems, [...first.path, "from"]).refuse(
      `a Secret from Vault in ${environment}, whose stack has no configuration for Vault`,
      `${remedy}, or \`environments\` without ${environment}`,
    );
    return;
  }
  const tree = service && valueIn(service, environment);
  for (const { vaultPath } of [first, ...others]) {
    const path = vaultPath && valueIn(vaultPath.value, environment);
    if (vaultPath === undefined || path === undefined || name === undefined || tree === undefined) continue;
    const granted = Object.hasOwn(grants, path) && grants[path]?.includes(name) === true;
    if (isBelow(path, tree) || isShared(path) || granted) continue;
    new Location(source, problems, [...vaultPath.path, ...pathIn(vaultPath.value, environment)]).refuse(
      `${JSON.stringify(path)}, which is not the application's own in ${environment}`,
      `${tree}/... for what is its own, ${SHARED_TREES.map((shared) => `${shared}/...`).join(" or ")} for what ` +
        `several applications read, or \`grants: { ${JSON.stringify(path)}: [${name}] }\` under \`vault\` in ` +
        `Pulumi.${stack}.yaml`,
    );
  }
}

/** Refuses grants to applications that are not there: a name that was mistyped would be granted nothing. */
export function checkGrants(
  grants: Readonly<Record<string, readonly string[]>>,
  applications: readonly ApplicationDraft[],
  location: Location,
): void {
  const names = applications.flatMap(({ name }) => name ?? []);
  // The name that could not be read may be the one that is missing.
  if (names.length < applications.length) return;
  for (const [path, granted] of Object.entries(grants)) {
    for (const [index, name] of granted.entries()) {
      if (names.includes(name)) continue;
      const found = `${JSON.stringify(name)}, which is no application`;
      location.at(path, index).refuse(found, unknownName(name, names));
    }
  }
}

function checkConfig(
  name: string,
  shared: readonly string[],
  { environment, environments, ownConfig }: AllowedUse,
  location: Location,
): void {
  if (name === ownConfig || shared.includes(name)) return;
  const owner = environmentOf(name, environments);
  if (owner !== undefined && owner !== environment) {
    location.refuse(
      `${JSON.stringify(name)} for the environment ${environment}, though it is a config of ${owner}`,
      `nothing (then it is ${environment}'s own), or a config per environment, ` +
        `or one that all may use (${shared.join(", ") || "none is set"})`,
    );
  } else if (ownConfig !== undefined) {
    const known = [ownConfig, ...shared];
    location.refuse(
      `${JSON.stringify(name)}, a config that no environment has`,
      `${unknownName(name, known)}; \`doppler.shared\` of the stack's configuration adds others`,
    );
  }
}
