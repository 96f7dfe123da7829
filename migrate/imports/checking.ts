/** Compares what applications get with what they have today, byte for byte. Differences are told by keys alone. */
import { KubernetesClient } from "../../clients/kubernetes";
import type { ResolvedApplication, ResolvedSecret } from "../../config/application";
import { fillTemplate } from "../../config/template";
import { ImportedEnvironment, ImportedObject } from "./importedObject";
import { StoreAccess, storeOf } from "./stores";

/** A Secret or a ConfigMap as it is or will be in the cluster. */
interface Made {
  /** Undefined: a ConfigMap has none. */
  readonly type?: string | undefined;
  /** Undefined: it has no value there. */
  readonly values: ReadonlyMap<string, Buffer | undefined>;
  /** What can be told of keys without a value. */
  readonly lacks: ReadonlyMap<string, string>;
}

/** Makes the object that an application gets; undefined when there is none. */
export type Maker = (object: ImportedObject, namespace: string) => Promise<Made | undefined>;

/**
 * @param environment with its variables filled in
 * @param namespaceOf the namespace of what names none
 * @returns how many objects were compared, and each difference
 */
export async function compared(
  { environment, objects }: ImportedEnvironment,
  make: Maker,
  namespaceOf: string | undefined,
): Promise<{ objects: number; differences: string[] }> {
  const differences: string[] = [];
  for (const object of objects) {
    const { kind, name, type, values } = object;
    const namespace = object.namespace ?? namespaceOf ?? "default";
    const title = `${environment}: ${kind} ${namespace}/${name}`;
    const made = await make(object, namespace);
    if (made === undefined) {
      differences.push(`${title}: is not there`);
      continue;
    }
    if (made.type !== undefined && made.type !== type)
      differences.push(`${title}: has the type ${made.type} in place of ${type}`);
    for (const [key, text] of values) {
      const value = made.values.get(key);
      if (value === undefined) differences.push(`${title}: ${key}: ${made.lacks.get(key) ?? "is not there"}`);
      else if (!value.equals(Buffer.from(text))) differences.push(`${title}: ${key}: has another value`);
    }
    const more = [...made.values.keys()].filter((key) => !values.has(key));
    differences.push(...more.map((key) => `${title}: ${key}: is too much`));
  }
  return { objects: objects.length, differences };
}

/** Makes what `pulumi up` and the operators make of the application files, out of what is at the sources now. */
export function platformMaker(
  applications: readonly ResolvedApplication[],
  variables: Readonly<Record<string, string | undefined>>,
  access: StoreAccess,
): Maker {
  const valueOf = (name: string): string | undefined =>
    Object.hasOwn(variables, name) && variables[name]?.trim() !== "" ? variables[name] : undefined;
  return async ({ kind, name }, namespace) => {
    const near = applications.filter((application) => application.namespace === namespace);
    if (kind === "Secret") {
      const secret = near.flatMap(({ secrets }) => secrets).find((one) => one.name === name);
      return secret && madeSecret(secret, valueOf, access);
    }
    const application = near.find(({ configMap }) => configMap === name);
    if (application === undefined) return undefined;
    const texts = Object.entries(application.config).map(
      ([key, text]) => [key, fillTemplate(text, valueOf)] as const,
    );
    return made(texts, () => "a variable in it is not set");
  };
}

/** Reads what is in a cluster. */
export function clusterMaker(cluster: KubernetesClient): Maker {
  return async ({ kind, name }, namespace) => {
    const collection = kind === "Secret" ? "secrets" : "configmaps";
    const found = await cluster.get<{ type?: string; data?: Record<string, string> }>(
      `/api/v1/namespaces/${namespace}/${collection}/${name}`,
    );
    if (found === undefined) return undefined;
    const encoding = kind === "Secret" ? "base64" : "utf8";
    const values = Object.entries(found.data ?? {}).map(
      ([key, text]) => [key, Buffer.from(text, encoding)] as const,
    );
    return { type: found.type, values: new Map(values), lacks: new Map() };
  };
}

async function madeSecret(
  secret: ResolvedSecret,
  valueOf: (name: string) => string | undefined,
  access: StoreAccess,
): Promise<Made> {
  const store = storeOf(secret, access);
  const stored = (await store?.read())?.values;
  const keys = secret.keys ?? Object.fromEntries([...(stored?.keys() ?? [])].map((name) => [name, name]));
  const texts = Object.entries(keys).map(([key, name]) => {
    const value = stored === undefined ? valueOf(name) : stored.get(name);
    return [key, typeof value === "string" ? value : undefined] as const;
  });
  const lack = (key: string): string =>
    store === undefined
      ? `the variable ${keys[key] ?? key} is not set`
      : `${store.title} has no ${keys[key] ?? key}`;
  return { ...made(texts, lack), type: secret.type };
}

function made(
  texts: readonly (readonly [key: string, text: string | undefined])[],
  lack: (key: string) => string,
): Made {
  return {
    values: new Map(texts.map(([key, text]) => [key, text === undefined ? undefined : Buffer.from(text)])),
    lacks: new Map(texts.flatMap(([key, text]) => (text === undefined ? [[key, lack(key)] as const] : []))),
  };
}
