import type { ApplicationDraft } from "./applicationFile";
import { Location } from "./location";
import type { Path } from "./location";
import { pathIn, valueIn } from "./perEnvironment";
import type { Problem } from "./problem";
import { callerSecretName } from "./secretsServiceUse";

/** An object that an application has in one environment. */
interface DeclaredObject {
  /** Its kind, namespace and name, such as `the Secret shop/shop-secrets`. */
  readonly identity: string;
  /** What to write when another application has it too. */
  readonly remedy: string;
  readonly environment: string;
  readonly application: ApplicationDraft;
  /** Where the application's file names it. */
  readonly location: Location;
}

/**
 * Refuses two applications of one name, two Secrets, ConfigMaps or ServiceAccounts of one name in a namespace, and
 * two applications with one subtree in Vault.
 */
export function checkUniqueness(applications: readonly ApplicationDraft[], problems: Problem[]): void {
  const names = new Map<string, Location>();
  for (const { source, name } of applications) {
    if (name === undefined) continue;
    const location = new Location(source, problems, ["name"]);
    const first = names.get(name);
    if (first === undefined) names.set(name, location);
    else
      location.refuse(
        `${JSON.stringify(name)}, the name of the application in ${String(first)} too`,
        "another name",
      );
  }
  const collisions = new Map<
    string,
    { first: DeclaredObject; second: DeclaredObject; environments: string[] }
  >();
  for (const environment of environmentsOf(applications)) {
    for (const { first, second } of repeated([
      ...objectsIn(applications, environment, problems),
      ...subtreesIn(applications, environment, problems),
    ])) {
      const key = `${String(first.location)} ${String(second.location)} ${second.identity}`;
      const collision = collisions.get(key);
      if (collision === undefined) collisions.set(key, { first, second, environments: [environment] });
      else collision.environments.push(environment);
    }
  }
  for (const { first, second, environments } of collisions.values()) {
    const found = `${second.identity}, which ${String(first.location)} declares too, in ${environments.join(", ")}`;
    second.location.refuse(found, second.remedy);
  }
}

/**
 * Refuses applications that have the same Secret or ConfigMap in two environments of one cluster: two stacks
 * would own one object.
 *
 * @param environments environments of the cluster
 */
export function checkSharedCluster(
  applications: readonly ApplicationDraft[],
  environments: readonly string[],
  problems: Problem[],
): void {
  const objects = environments.flatMap((environment) => objectsIn(applications, environment, problems));
  const reported = new Set<ApplicationDraft>();
  for (const { first, second } of repeated(objects)) {
    const { application, environment } = second;
    // One message for all objects of an application: its namespace is the remedy for each.
    if (first.environment === environment || reported.has(application)) continue;
    reported.add(application);
    const found = `${second.identity} in ${first.environment} and in ${environment}, which are on one cluster`;
    const remedy = `a namespace per environment, such as { default: shop, ${environment}: shop-${environment} }`;
    new Location(application.source, problems, ["namespace"]).refuse(found, remedy);
  }
}

function environmentsOf(applications: readonly ApplicationDraft[]): Set<string> {
  return new Set(applications.flatMap(({ environments }) => environments));
}

/** The Secrets, ConfigMaps and ServiceAccounts of an environment. */
function objectsIn(
  applications: readonly ApplicationDraft[],
  environment: string,
  problems: Problem[],
): DeclaredObject[] {
  return applications.flatMap((application) => {
    const { name: ownName, source, configMap, secrets, callerIdentity } = application;
    if (!application.environments.includes(environment)) return [];
    const namespace = application.namespace && valueIn(application.namespace, environment);
    // Whatever a namespace that is wrong should be, it is the same for all objects of the application.
    const place = namespace ?? `(namespace in ${source.file})`;
    const object = (kind: string, name: string | undefined, path: Path): DeclaredObject[] => {
      if (name === undefined) return [];
      const location = new Location(source, problems, path);
      const identity = `the ${kind} ${place}/${name}`;
      return [{ identity, remedy: "another name or another namespace", environment, application, location }];
    };
    const account = application.serviceAccount && valueIn(application.serviceAccount, environment);
    const showsAccount =
      callerIdentity === "serviceAccount" || secrets.some((secret) => secret.source === "vault");
    const hasToken = callerIdentity === "token" && ownName !== undefined;
    const tokenSecret = hasToken ? callerSecretName(ownName) : undefined;
    return [
      ...secrets.flatMap(({ name, path }) => object("Secret", name, [...path, "name"])),
      ...object("Secret", tokenSecret, ["secretsService"]),
      ...object("ConfigMap", configMap, ["configMap"]),
      // Whoever has the one's identity would have the other's roles in Vault, and its keys in the secrets service.
      ...object("ServiceAccount", showsAccount ? account : undefined, ["serviceAccount"]),
    ];
  });
}

/** The subtrees in Vault that an environment's applications read as their own; their policies open all of it. */
function subtreesIn(
  applications: readonly ApplicationDraft[],
  environment: string,
  problems: Problem[],
): DeclaredObject[] {
  return applications.flatMap((application) => {
    const { source, service, secrets, environments } = application;
    const name = service && valueIn(service, environment);
    if (service === undefined || name === undefined || !environments.includes(environment)) return [];
    if (!secrets.some((secret) => secret.source === "vault")) return [];
    const identity = `the subtree ${name}/ in Vault`;
    const remedy = "another `service`: each of the two could read the other's secrets";
    const location = new Location(source, problems, ["service", ...pathIn(service, environment)]);
    return [{ identity, remedy, environment, application, location }];
  });
}

/** Objects that another one before them has the identity of, each with the first such. */
function repeated(objects: readonly DeclaredObject[]): { first: DeclaredObject; second: DeclaredObject }[] {
  const seen = new Map<string, DeclaredObject>();
  return objects.flatMap((second) => {
    const first = seen.get(second.identity);
    if (first === undefined) seen.set(second.identity, second);
    return first === undefined ? [] : [{ first, second }];
  });
}
