/** The text of an application's file for what was imported. Pure. */
import { Document, isCollection, isMap, isSeq } from "yaml";
import { DEFAULT_TYPE } from "../../config/secretTypes";
import type { SourceName } from "../../config/secretOrigin";
import { VAULT_LAYOUT } from "../../config/vaultSecret";
import { Group, ObjectByEnvironment } from "./grouping";
import { ImportedObject } from "./importedObject";
import { RemoteName } from "./remoteNames";

/** How files are written. */
export interface TextSettings {
  readonly source: SourceName;
  readonly remoteName: RemoteName;
  /** Text of a setting in the file. */
  readonly setting: (object: ImportedObject, key: string, environment: string) => string;
  /** Every environment of the project. */
  readonly environments: readonly string[];
  readonly notSecret: readonly string[];
}

type Fields = Record<string, unknown>;

/** @param origin what the first line says that the file was made from */
export function applicationText(group: Group, settings: TextSettings, origin: string): string {
  const { application, namespaces, secrets, configMap } = group;
  const everywhere = settings.environments.every((environment) => namespaces.has(environment));
  const config = configMap && configFields(configMap, settings);
  const notSecret = settings.notSecret.filter((key) => Object.hasOwn(config ?? {}, key));
  const fields = {
    name: application,
    namespace: collapsed(namespaces),
    ...(everywhere ? {} : { environments: [...namespaces.keys()] }),
    ...(secrets.length === 0
      ? {}
      : { secrets: secrets.map((one) => secretFields(one, application, settings)) }),
    ...(config && { config }),
    ...(configMap && configMap.name !== `${application}-config` ? { configMap: configMap.name } : {}),
    ...(notSecret.length === 0 ? {} : { notSecret }),
  };
  return `# Made from ${origin}.\n${yamlText(fields)}`;
}

/** Keys that every environment of an object has, and those that only some have. */
export function keysOf({ byEnvironment }: ObjectByEnvironment): { every: string[]; some: string[] } {
  const objects = [...byEnvironment.values()];
  const all = [...new Set(objects.flatMap(({ values }) => [...values.keys()]))];
  const isEverywhere = (key: string): boolean => objects.every(({ values }) => values.has(key));
  return { every: all.filter(isEverywhere), some: all.filter((key) => !isEverywhere(key)) };
}

/** Labels or annotations that every environment of a Secret has, and those that only some have. */
export function metadataOf(
  { byEnvironment }: ObjectByEnvironment,
  field: "labels" | "annotations",
): { every: Map<string, Map<string, string>>; some: string[] } {
  const every = new Map<string, Map<string, string>>();
  for (const [environment, object] of byEnvironment)
    for (const [key, text] of Object.entries(object[field]))
      every.set(key, (every.get(key) ?? new Map<string, string>()).set(environment, text));
  const some = [...every].filter(([, texts]) => texts.size < byEnvironment.size).map(([key]) => key);
  for (const key of some) every.delete(key);
  return { every, some };
}

function secretFields(secret: ObjectByEnvironment, application: string, settings: TextSettings): Fields {
  const { name, byEnvironment } = secret;
  const { source, remoteName } = settings;
  const keys = new Map(
    [...byEnvironment].map(([environment, object]) => [environment, keysText(object, remoteName)]),
  );
  const type = collapsed(
    new Map([...byEnvironment].map(([environment, object]) => [environment, object.type])),
  );
  const isLaidOut = source !== "vault" || VAULT_LAYOUT.includes(name);
  const metadata = (["labels", "annotations"] as const).flatMap((field) => {
    const entries = [...metadataOf(secret, field).every].map(
      ([key, texts]) => [key, collapsed(texts)] as const,
    );
    return entries.length === 0 ? [] : [[field, Object.fromEntries(entries)] as const];
  });
  return {
    name,
    from: isLaidOut ? source : { vault: `${application}/${name}` },
    keys: collapsed(keys),
    ...(type === DEFAULT_TYPE ? {} : { type }),
    ...Object.fromEntries(metadata),
  };
}

function keysText(secret: ImportedObject, remoteName: RemoteName): string[] | Record<string, string> {
  const names = [...secret.values.keys()].map((key) => [key, remoteName(secret, key)] as const);
  const isPlain = names.every(([key, name]) => key === name);
  return isPlain ? names.map(([key]) => key) : Object.fromEntries(names);
}

function configFields(configMap: ObjectByEnvironment, { setting }: TextSettings): Fields {
  return Object.fromEntries(
    keysOf(configMap).every.map((key) => [
      key,
      collapsed(
        new Map(
          [...configMap.byEnvironment].map(([environment, object]) => [
            environment,
            setting(object, key, environment),
          ]),
        ),
      ),
    ]),
  );
}

/** One value where all are the same, else a map of environments. */
function collapsed<T>(values: ReadonlyMap<string, T>): T | Record<string, T> {
  const [first, ...others] = [...values.values()];
  const isSame = others.every((other) => JSON.stringify(other) === JSON.stringify(first));
  return first !== undefined && isSame ? first : Object.fromEntries(values);
}

/** A line for each value; lists and maps that are values stand in it. */
function yamlText(fields: Fields): string {
  const document = new Document(fields);
  const flow = (node: unknown): void => {
    if (isCollection(node)) node.flow = true;
  };
  for (const field of ["namespace", "environments", "notSecret"]) flow(document.get(field));
  const secrets = document.get("secrets");
  for (const secret of isSeq(secrets) ? secrets.items : []) {
    if (!isMap(secret)) continue;
    for (const { key, value } of secret.items) {
      const isPerEnvironment =
        String(key) === "keys" && isMap(value) && value.items.some((item) => isCollection(item.value));
      if (isPerEnvironment) for (const item of value.items) flow(item.value);
      else flow(value);
    }
  }
  const config = document.get("config");
  for (const { value } of isMap(config) ? config.items : []) flow(value);
  const lines = document.toString({ lineWidth: 0 }).split("\n");
  return lines.map((line) => line.replace(/: \[ (.*) \]$/, ": [$1]")).join("\n");
}
