import { z } from "zod";
import { describe } from "./description";
import type { Location, Path } from "./location";
import { manifestEntries } from "./manifestEntries";
import type { ManifestEntry } from "./manifestEntries";
import { refuseCredentials } from "./metadata";
import { NAMES, nameSchema } from "./names";
import { everywhere } from "./perEnvironment";
import { isRecord, readMap, readObject, readValue } from "./reading";
import type { Draft } from "./reading";
import { configMapNameSchema } from "./configMap";
import { secretNameSchema, typeSchema } from "./secretFields";
import { DEFAULT_TYPE, demandedKeys } from "./secretTypes";
import { references } from "./substitution";
import type { YamlDocument } from "./yamlDocument";

/** A Secret or ConfigMap as a manifest has it, variables in it not yet replaced. */
export interface Manifest {
  readonly kind: ManifestKind;
  /** Name of the object; no variable is in it. */
  readonly name: string;
  /** Undefined: it names none, and is in that of its application. */
  readonly namespace?: string;
  /** Type of a Secret; `Opaque` where it has none, and for a ConfigMap without meaning. */
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Whether Kubernetes is to refuse changes of its values. */
  readonly immutable: boolean;
  readonly entries: readonly ManifestEntry[];
  /** The document that it stands in. */
  readonly source: YamlDocument;
}

/** What a manifest may make. */
export type ManifestKind = "Secret" | "ConfigMap";

/** What could be read of a manifest; enough to compare it with others. */
export interface ManifestDraft {
  readonly kind: ManifestKind;
  readonly name?: string | undefined;
  readonly source: YamlDocument;
  /** The manifest, when nothing is wrong with it. */
  readonly complete?: Manifest | undefined;
}

const KINDS: readonly ManifestKind[] = ["Secret", "ConfigMap"];
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

const metadataSchema = z.object({
  name: z.unknown(),
  namespace: z.string({ error: "a namespace, or no `namespace`: it is that of the application" }).optional(),
  labels: z.unknown(),
  annotations: z.unknown(),
  // What `kubectl create --dry-run=client -o yaml` writes.
  creationTimestamp: z.null({ error: "no `creationTimestamp`: Kubernetes writes it" }).optional(),
});

const schema = z.object({
  apiVersion: z.literal("v1", { error: "`apiVersion: v1`" }),
  kind: z.unknown(),
  metadata: z.unknown(),
  type: z.unknown(),
  immutable: z.enum(["true", "false"], { error: "true or false" }).optional(),
  data: z.unknown(),
  stringData: z.unknown(),
  binaryData: z.unknown(),
});

/**
 * Reads one document of a file of manifests, reporting every mistake in it.
 *
 * @param notSecret names of values that only look like credentials
 * @returns undefined when it is neither a Secret nor a ConfigMap, or no map
 */
export function readManifest(
  source: YamlDocument,
  root: Location,
  notSecret: readonly string[],
): ManifestDraft | undefined {
  const { content } = source;
  if (!isRecord(content)) {
    if (content !== undefined) root.refuse(describe(content), "a Secret or a ConfigMap");
    return undefined;
  }
  const kind = KINDS.find((known) => known === content.kind);
  if (kind === undefined) {
    root
      .at("kind")
      .refuse(
        describe(content.kind),
        "a Secret or a ConfigMap, each in a document of its own; keep other objects with the application, which deploys them",
      );
    return undefined;
  }
  const before = root.mistakes;
  const { fields } = readObject(schema, content, root);
  const metadata = readObject(metadataSchema, content.metadata, root.at("metadata")).fields;
  const nameLocation = root.at("metadata", "name");
  const name = readName(kind, metadata.name, nameLocation);
  const labels = readTexts(metadata.labels, root.at("metadata", "labels"), NAMES.labelKey, "a label");
  const annotations = readTexts(
    metadata.annotations,
    root.at("metadata", "annotations"),
    NAMES.annotationKey,
    "an annotation",
  );
  checkMetadata(labels, annotations, root.at("metadata"), notSecret);
  const entries = manifestEntries(kind, fields, root, notSecret);
  const type = readType(kind, fields, entries, root);
  const draft = { kind, name, source };
  if (root.mistakes > before || name === undefined || type === undefined) return draft;
  const { namespace } = metadata;
  const immutable = fields.immutable === "true";
  const complete = { kind, name, type, labels, annotations, immutable, entries, source };
  return { ...draft, complete: { ...complete, ...(namespace !== undefined && { namespace }) } };
}

/** Every text of a manifest in which variables are replaced, and where it stands. */
export function manifestTexts({
  namespace,
  labels,
  annotations,
  entries,
}: Manifest): { readonly text: string; readonly path: Path }[] {
  const metadata = { labels, annotations };
  return [
    ...(namespace === undefined ? [] : [{ text: namespace, path: ["metadata", "namespace"] }]),
    ...Object.entries(metadata).flatMap(([field, texts]) =>
      Object.entries(texts).map(([key, text]) => ({ text, path: ["metadata", field, key] })),
    ),
    ...entries.map(({ template, path }) => ({ text: template, path })),
  ];
}

function readName(kind: ManifestKind, value: unknown, location: Location): string | undefined {
  if (typeof value === "string" && references(value).length > 0) {
    location.refuse("a name with a variable in it", "one name everywhere: what differs is the namespace");
    return undefined;
  }
  return readValue(kind === "Secret" ? secretNameSchema : configMapNameSchema, value, location);
}

function readTexts(
  value: unknown,
  location: Location,
  key: (typeof NAMES)["labelKey" | "annotationKey"],
  what: string,
): Record<string, string> {
  const text = z.string({ error: 'a text; `""` for an empty one' });
  return readMap(nameSchema(key, `the key of ${what}`), text, value, location, "{ team: shop }");
}

function checkMetadata(
  labels: Record<string, string>,
  annotations: Record<string, string>,
  location: Location,
  notSecret: readonly string[],
): void {
  for (const [field, texts] of Object.entries({ labels, annotations })) {
    const fixed = Object.entries(texts).map(([key, text]) => [key, everywhere(text)] as const);
    refuseCredentials(Object.fromEntries(fixed), location.at(field), notSecret);
  }
  for (const [key, text] of Object.entries(labels)) {
    if (references(text).length > 0) continue;
    readValue(nameSchema(NAMES.labelValue, "the value of a label"), text, location.at("labels", key));
  }
  if (Object.hasOwn(annotations, LAST_APPLIED)) {
    location
      .at("annotations", LAST_APPLIED)
      .refuse("what kubectl writes, with every value in it", "no such annotation", "key");
  }
}

function readType(
  kind: ManifestKind,
  fields: Draft<(typeof schema)["shape"]>["fields"],
  entries: readonly ManifestEntry[],
  root: Location,
): string | undefined {
  const location = root.at("type");
  if (fields.type === undefined) return DEFAULT_TYPE;
  if (kind === "ConfigMap") {
    location.refuse("the type of a ConfigMap", "no `type`: only Secrets have one", "key");
    return undefined;
  }
  const type = readValue(typeSchema, fields.type, location);
  const demanded = type === undefined ? undefined : demandedKeys(type);
  if (type === undefined || demanded === undefined) return type;
  const missing = demanded.keys.filter((name) => !entries.some(({ key }) => key === name));
  const tolerated = demanded.need === "some" ? demanded.keys.length - 1 : 0;
  if (missing.length > tolerated) {
    const keys = missing.join(demanded.need === "some" ? " or " : " and ");
    location.refuse(`the type ${type} without ${keys}`, `${keys} under \`stringData\` or \`data\``);
  }
  return type;
}
