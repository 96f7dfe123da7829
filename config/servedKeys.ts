import type { Application } from "./application";
import { Location } from "./location";
import type { Path } from "./location";
import { pathIn, valueIn } from "./perEnvironment";
import type { Problem } from "./problem";
import { unknownName } from "./reading";
import { DEFAULT_APPLICATION } from "./secretsServiceReading";
import type { SecretsServiceConfiguration } from "./stack";

/** The part of a stack's configuration that callers are checked against. */
interface ServingStack {
  /** Name of the Pulumi stack. */
  readonly stack: string;
  readonly environment: string;
  /** Undefined: the stack runs no secrets service. */
  readonly service: SecretsServiceConfiguration | undefined;
  /** `secretsService` in the stack's file. */
  readonly location: Location;
}

/** Refuses callers of a secrets service that is not there, and keys that it does not have. */
export function checkServedKeys(
  applications: readonly Application[],
  { stack, environment, service, location }: ServingStack,
  problems: Problem[],
): void {
  const present = applications.filter(({ environments }) => environments.includes(environment));
  const serving = present.find(({ name }) => name === service?.application);
  if (service?.isNamed === true && serving === undefined) {
    const names = present.map(({ name }) => name);
    location
      .at("application")
      .refuse(
        `${service.application}, no application of ${environment}`,
        unknownName(service.application, names),
      );
    return;
  }
  const keys = serving && servedKeys(serving, environment, problems);
  for (const caller of present) {
    if (caller.secretsService === undefined) continue;
    const at = (...path: Path): Location =>
      new Location(caller.source, problems, ["secretsService", ...path]);
    if (service === undefined || serving === undefined) {
      const name = service?.application ?? DEFAULT_APPLICATION;
      const image = service ? "" : `\`secretsService: { image: ... }\` in Pulumi.${stack}.yaml, and `;
      at().refuse(
        `keys of the secrets service in ${environment}, whose stack runs none`,
        `${image}an application ${name} with the Secrets that are served; or \`environments\` without ${environment}`,
        "key",
      );
    } else if (caller === serving) {
      at().refuse("keys of itself", "nothing: this application's Secrets are what is served", "key");
    } else if (keys !== undefined) {
      checkKeys(caller.secretsService.keys, environment, keys, serving.name, at);
    }
  }
}

/** The keys that the service has; undefined: only the source knows, since a Secret has the whole of it. */
function servedKeys(
  { secrets, source, name }: Application,
  environment: string,
  problems: Problem[],
): readonly string[] | undefined {
  if (secrets.length === 0) {
    const remedy = "`secrets` with the keys that callers ask for";
    new Location(source, problems).refuse(`${name}, whose Secrets are served, without \`secrets\``, remedy);
    return undefined;
  }
  const owners = new Map<string, string>();
  let isWhole = false;
  for (const secret of secrets) {
    const keys = secret.keys && valueIn(secret.keys, environment);
    if (secret.keys === undefined || keys === undefined) {
      isWhole = true;
      continue;
    }
    for (const key of Object.keys(keys)) {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, secret.name);
      else {
        const path = [...secret.path, "keys", ...pathIn(secret.keys, environment)];
        new Location(source, problems, path).refuse(
          `${key}, which the Secret ${owner} has too`,
          "another name in one of the two: callers ask by the key alone",
        );
      }
    }
  }
  return isWhole ? undefined : [...owners.keys()];
}

function checkKeys(
  asked: NonNullable<Application["secretsService"]>["keys"],
  environment: string,
  served: readonly string[],
  serving: string,
  at: (...path: Path) => Location,
): void {
  for (const [index, key] of (valueIn(asked, environment) ?? []).entries()) {
    const isThere = key.endsWith("*")
      ? served.some((name) => name.startsWith(key.slice(0, -1)))
      : served.includes(key);
    if (isThere) continue;
    at("keys", ...pathIn(asked, environment), index).refuse(
      `${JSON.stringify(key)}, which no Secret of ${serving} has in ${environment}`,
      unknownName(key, served),
    );
  }
}
