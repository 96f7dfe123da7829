import type { ApplicationDraft } from "./applicationFile";
import { Location } from "./location";
import { pathIn, valueIn } from "./perEnvironment";
import type { Problem } from "./problem";
import { unknownName } from "./reading";

/** What a stack allows its applications; undefined is unknown, since the stack's configuration is wrong there. */
export interface AllowedUse {
  readonly environment: string;
  /** Every environment of the project. */
  readonly environments: readonly string[];
  /** The environment's own Doppler config; undefined: that of another stack, which only its own file names. */
  readonly ownConfig: string | undefined;
  /** Doppler configs of all environments. */
  readonly shared: readonly string[];
  /** Namespace of the operator and of the token Secrets. */
  readonly operatorNamespace: string | undefined;
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

/** Refuses what an environment's applications may not use: configs of other environments, the operator's namespace. */
export function checkIsolation(
  applications: readonly ApplicationDraft[],
  allowed: AllowedUse,
  problems: Problem[],
): void {
  for (const application of applications.filter(({ environments }) =>
    environments.includes(allowed.environment),
  )) {
    checkNamespace(application, allowed, problems);
    for (const { config } of application.secrets) {
      if (config === undefined) continue;
      const name = valueIn(config.value, allowed.environment);
      const path = [...config.path, ...pathIn(config.value, allowed.environment)];
      if (name !== undefined) checkConfig(name, allowed, new Location(application.source, problems, path));
    }
  }
}

function checkNamespace(
  { namespace, source }: ApplicationDraft,
  allowed: AllowedUse,
  problems: Problem[],
): void {
  const { environment, operatorNamespace } = allowed;
  if (namespace === undefined || operatorNamespace === undefined) return;
  if (valueIn(namespace, environment) !== operatorNamespace) return;
  const location = new Location(source, problems, ["namespace", ...pathIn(namespace, environment)]);
  location.refuse(
    `${JSON.stringify(operatorNamespace)}, the namespace of the operator and of its tokens`,
    "a namespace of the application's own",
  );
}

function checkConfig(name: string, allowed: AllowedUse, location: Location): void {
  const { environment, environments, ownConfig, shared } = allowed;
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
