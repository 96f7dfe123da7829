/** What a pod's specification tells of Secrets, and of the scripts that it runs. Pure. */
import { recordOf, recordsOf, textOf, textsOf, valueAt } from "./untyped";

/** How a Secret comes into a pod. */
export type SecretUse = "envFrom" | "env" | "volume" | "imagePullSecret" | "tls";

/** A Secret that an object in its namespace names. */
export interface SecretReference {
  readonly secret: string;
  readonly use: SecretUse;
}

/** A container, as far as it can run a script. */
export interface ContainerScripts {
  readonly name: string;
  /** Its command and its arguments. */
  readonly words: readonly string[];
  /** Variables with a literal value. */
  readonly environment: ReadonlyMap<string, string>;
  /** ConfigMaps all of whose keys are variables. */
  readonly environmentMaps: readonly string[];
  /** Variables with a value from a ConfigMap. */
  readonly environmentKeys: readonly {
    readonly variable: string;
    readonly configMap: string;
    readonly key: string;
  }[];
  /** ConfigMaps that it mounts. */
  readonly mounted: readonly string[];
}

/** Every container of a pod, also those that run first. */
function containersOf(spec: unknown): Record<string, unknown>[] {
  return ["initContainers", "containers", "ephemeralContainers"].flatMap((kind) =>
    recordsOf(valueAt(spec, kind)),
  );
}

/** The Secrets that a pod uses, each once for each way. */
export function secretReferences(spec: unknown): SecretReference[] {
  const volumes = recordsOf(valueAt(spec, "volumes"));
  const containers = containersOf(spec);
  const found: [SecretUse, unknown][] = [
    ...containers.flatMap(({ envFrom }) =>
      recordsOf(envFrom).map((source): [SecretUse, unknown] => [
        "envFrom",
        valueAt(source, "secretRef", "name"),
      ]),
    ),
    ...containers.flatMap(({ env }) =>
      recordsOf(env).map((variable): [SecretUse, unknown] => [
        "env",
        valueAt(variable, "valueFrom", "secretKeyRef", "name"),
      ]),
    ),
    ...volumes.map((volume): [SecretUse, unknown] => ["volume", valueAt(volume, "secret", "secretName")]),
    ...volumes.flatMap((volume) =>
      recordsOf(valueAt(volume, "projected", "sources")).map((source): [SecretUse, unknown] => [
        "volume",
        valueAt(source, "secret", "name"),
      ]),
    ),
    ...pullSecrets(recordOf(spec)["imagePullSecrets"]),
  ];
  return references(found);
}

/** The credentials for a registry that a list of `imagePullSecrets` names. */
export function pullSecrets(list: unknown): [SecretUse, unknown][] {
  return recordsOf(list).map(({ name }) => ["imagePullSecret", name]);
}

/** Names without duplicates; what is no name is left out. */
export function references(found: readonly (readonly [SecretUse, unknown])[]): SecretReference[] {
  const unique = new Map<string, SecretReference>();
  for (const [use, name] of found) {
    const secret = textOf(name);
    if (secret !== undefined) unique.set(`${use} ${secret}`, { secret, use });
  }
  return [...unique.values()];
}

/** The scripts of a pod's containers. */
export function containerScripts(spec: unknown): ContainerScripts[] {
  const maps = new Map(
    recordsOf(valueAt(spec, "volumes")).map((volume) => [
      textOf(volume["name"]) ?? "",
      [
        valueAt(volume, "configMap", "name"),
        ...recordsOf(valueAt(volume, "projected", "sources")).map((source) =>
          valueAt(source, "configMap", "name"),
        ),
      ].flatMap((name) => textOf(name) ?? []),
    ]),
  );
  return containersOf(spec).map((container) => {
    const variables = recordsOf(container["env"]);
    return {
      name: textOf(container["name"]) ?? "",
      words: [...textsOf(container["command"]), ...textsOf(container["args"])],
      environment: new Map(
        variables.flatMap(({ name, value }): [string, string][] =>
          typeof name === "string" && typeof value === "string" ? [[name, value]] : [],
        ),
      ),
      environmentMaps: recordsOf(container["envFrom"]).flatMap(
        (source) => textOf(valueAt(source, "configMapRef", "name")) ?? [],
      ),
      environmentKeys: variables.flatMap((variable) => {
        const reference = valueAt(variable, "valueFrom", "configMapKeyRef");
        const [name, configMap, key] = [
          textOf(variable["name"]),
          textOf(valueAt(reference, "name")),
          textOf(valueAt(reference, "key")),
        ];
        return name && configMap && key ? [{ variable: name, configMap, key }] : [];
      }),
      mounted: recordsOf(container["volumeMounts"]).flatMap(({ name }) => maps.get(textOf(name) ?? "") ?? []),
    };
  });
}
