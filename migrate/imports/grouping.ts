/** Which Secrets and ConfigMaps belong to one application: those that are in the same namespaces. Pure. */
import { ImportedEnvironment, ImportedObject } from "./importedObject";

/** A Secret or a ConfigMap in each environment that has it. */
export interface ObjectByEnvironment {
  readonly kind: ImportedObject["kind"];
  readonly name: string;
  readonly byEnvironment: ReadonlyMap<string, ImportedObject>;
}

/** What one application's file is to hold. */
export interface Group {
  readonly application: string;
  /** Environment -> namespace. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly secrets: readonly ObjectByEnvironment[];
  /** Undefined: it has none. */
  readonly configMap: ObjectByEnvironment | undefined;
}

/**
 * An application has one namespace per environment, and one ConfigMap. What is in other namespaces, or in fewer
 * environments, becomes an application of its own, and so does each further ConfigMap.
 *
 * @param name of the application that most belongs to
 * @param namespaceOf the namespace of an object; undefined: none is known, and the object is left out
 */
export function groups(
  environments: readonly ImportedEnvironment[],
  name: string,
  namespaceOf: (object: ImportedObject, environment: string) => string | undefined,
): Group[] {
  const byNamespaces = new Map<string, { namespaces: Map<string, string>; objects: ObjectByEnvironment[] }>();
  for (const object of objectsByEnvironment(environments)) {
    const namespaces = new Map(
      [...object.byEnvironment].flatMap(([environment, one]) => {
        const namespace = namespaceOf(one, environment);
        return namespace === undefined ? [] : [[environment, namespace] as const];
      }),
    );
    if (namespaces.size < object.byEnvironment.size) continue;
    const key = JSON.stringify([...namespaces]);
    const group = byNamespaces.get(key) ?? { namespaces, objects: [] };
    group.objects.push(object);
    byNamespaces.set(key, group);
  }
  const sorted = [...byNamespaces.values()].sort(
    (one, other) => other.namespaces.size - one.namespaces.size || other.objects.length - one.objects.length,
  );
  const taken = new Set<string>();
  return sorted.flatMap(({ namespaces, objects }) => {
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    const [configMap, ...further] = objects
      .filter(({ kind }) => kind === "ConfigMap")
      .sort((one, other) => sizeOf(other) - sizeOf(one));
    const first = secrets[0] ?? configMap;
    const own = freeName(taken, [
      name,
      `${name}-${[...namespaces.keys()].join("-")}`,
      `${name}-${first?.name ?? ""}`,
    ]);
    const others = further.map((other) => ({
      application: freeName(taken, [`${name}-${other.name}`]),
      namespaces,
      secrets: [],
      configMap: other,
    }));
    return [{ application: own, namespaces, secrets, configMap }, ...others];
  });
}

function sizeOf({ byEnvironment }: ObjectByEnvironment): number {
  return Math.max(...[...byEnvironment.values()].map(({ values }) => values.size));
}

/** The first name that nobody has; names in files may have no dots. */
function freeName(taken: Set<string>, names: readonly string[]): string {
  const plain = names.map((name) => name.replaceAll(".", "-"));
  const found = plain.find((name) => !taken.has(name)) ?? `${plain.at(-1) ?? ""}-${taken.size}`;
  taken.add(found);
  return found;
}

function objectsByEnvironment(environments: readonly ImportedEnvironment[]): ObjectByEnvironment[] {
  const found = new Map<string, { object: ImportedObject; byEnvironment: Map<string, ImportedObject> }>();
  for (const { environment, objects } of environments)
    for (const object of objects) {
      const key = `${object.kind}/${object.name}`;
      const entry = found.get(key) ?? { object, byEnvironment: new Map<string, ImportedObject>() };
      entry.byEnvironment.set(environment, object);
      found.set(key, entry);
    }
  return [...found.values()].map(({ object: { kind, name }, byEnvironment }) => ({
    kind,
    name,
    byEnvironment,
  }));
}
