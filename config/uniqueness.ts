import type { ApplicationDraft } from "./applicationFile";
import { Location } from "./location";
import type { Path } from "./location";
import { valueIn } from "./perEnvironment";
import type { Problem } from "./problem";

/** An object that an application has in one environment. */
interface DeclaredObject {
  /** Its kind, namespace and name, such as `the Secret shop/shop-secrets`. */
  readonly identity: string;
  readonly environment: string;
  readonly application: ApplicationDraft;
  /** Where the application's file names it. */
  readonly location: Location;
}

/** Refuses two applications of one name, and two Secrets or ConfigMaps of one name in a namespace. */
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
    for (const { first, second } of repeated(objectsIn(applications, environment, problems))) {
      const key = `${String(first.location)} ${String(second.location)} ${second.identity}`;
      const collision = collisions.get(key);
      if (collision === undefined) collisions.set(key, { first, second, environments: [environment] });
      else collision.environments.push(environment);
    }
  }
  for (const { first, second, environments } of collisions.values()) {
    const found = `${second.identity}, which ${String(first.location)} declares too, in ${environments.join(", ")}`;
    second.location.refuse(found, "another name or another namespace");
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

/** The Secrets and ConfigMaps of an environment. */
function objectsIn(
  applications: readonly ApplicationDraft[],
  environment: string,
  problems: Problem[],
): DeclaredObject[] {
  return applications.flatMap((application) => {
    const { source, configMap, secrets } = application;
    if (!application.environments.includes(environment)) return [];
    const namespace = application.namespace && valueIn(application.namespace, environment);
    // Whatever a namespace that is wrong should be, it is the same for all objects of the application.
    const place = namespace ?? `(namespace in ${source.file})`;
    const object = (kind: string, name: string | undefined, path: Path): DeclaredObject[] => {
      if (name === undefined) return [];
      const location = new Location(source, problems, path);
      return [{ identity: `the ${kind} ${place}/${name}`, environment, application, location }];
    };
    return [
      ...secrets.flatMap(({ name, path }) => object("Secret", name, [...path, "name"])),
      ...object("ConfigMap", configMap, ["configMap"]),
    ];
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
