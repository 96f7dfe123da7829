/** Secrets and ConfigMaps of one environment, whatever they were read from. */

/** A Secret or a ConfigMap that an application is to have. */
export interface ImportedObject {
  readonly kind: "Secret" | "ConfigMap";
  /** Its name, without the hash that Kustomize adds. */
  readonly name: string;
  /** Undefined: it names none. */
  readonly namespace: string | undefined;
  /** Type of a Secret; empty for a ConfigMap. */
  readonly type: string;
  /** Key -> text, with `${NAME}` in it not yet filled in. */
  readonly values: ReadonlyMap<string, string>;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What one environment has today. */
export interface ImportedEnvironment {
  readonly environment: string;
  /** How messages name where it was read, such as `overlays/prod`. */
  readonly place: string;
  readonly objects: readonly ImportedObject[];
  /** Examples that were read in place of files that are not there: their values are none. */
  readonly examples: readonly string[];
  /** Keys that the examples name. */
  readonly exampleKeys: ReadonlySet<string>;
  /** What is no Secret and no ConfigMap, `Deployment agent`: it stays where it is. */
  readonly others: readonly string[];
  /** What people should know. */
  readonly notes: readonly string[];
  /** What cannot be carried over. */
  readonly problems: readonly string[];
}

/** Which objects and keys are left out on purpose: `Secret/name` or `Secret/name/key`. */
export type Exceptions = ReadonlySet<string>;

/** How messages name an object, such as `Secret database`. */
export function titleOf({ kind, name }: Pick<ImportedObject, "kind" | "name">): string {
  return `${kind} ${name}`;
}

/** The Secrets or the ConfigMaps of an environment. */
export function objectsOf(
  { objects }: ImportedEnvironment,
  kind: ImportedObject["kind"],
): readonly ImportedObject[] {
  return objects.filter((object) => object.kind === kind);
}
