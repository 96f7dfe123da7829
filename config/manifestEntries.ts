import { z } from "zod";
import { credentialKind, templateCredentialKind } from "./credentials";
import type { Location, Path } from "./location";
import type { ManifestKind } from "./manifest";
import { NAMES, nameSchema } from "./names";
import { readMap } from "./reading";
import { references, substitute } from "./substitution";

/** One value of a Secret or ConfigMap in a manifest. */
export interface ManifestEntry {
  /** Its key in the object. */
  readonly key: string;
  /** Its text in the manifest, variables not yet replaced. */
  readonly template: string;
  /** Whether the text is the value itself, or the value in base64. */
  readonly encoding: "text" | "base64";
  readonly path: Path;
}

/** Kubernetes' limit for the values of a Secret or ConfigMap. */
export const MOST_BYTES = 1024 * 1024;

/** The fields that have values, by kind: how these are written, or what to write instead. */
const FIELDS: Readonly<
  Record<ManifestKind, Readonly<Record<"data" | "stringData" | "binaryData", Encoding | Remedy>>>
> = {
  Secret: {
    data: "base64",
    stringData: "text",
    binaryData: { remedy: "`data`, which is in base64 in a Secret" },
  },
  ConfigMap: {
    data: "text",
    stringData: { remedy: "`data`, which is text in a ConfigMap" },
    binaryData: "base64",
  },
};

type Encoding = ManifestEntry["encoding"];

interface Remedy {
  readonly remedy: string;
}

const valueSchema = z.string({ error: 'a text; `""` for an empty one, `|` for one of several lines' });

/** Reads the values of a Secret or ConfigMap, and refuses credentials in them. */
export function manifestEntries(
  kind: ManifestKind,
  fields: { readonly [Field in keyof (typeof FIELDS)["Secret"]]?: unknown },
  root: Location,
  notSecret: readonly string[],
): ManifestEntry[] {
  const keySchema = nameSchema(NAMES.dataKey, `a key of a ${kind}`);
  const entries = Object.entries(FIELDS[kind]).flatMap(([field, encoding]) => {
    const value = fields[field as keyof typeof fields];
    const location = root.at(field);
    if (typeof encoding === "object") {
      if (value !== undefined) location.refuse(`\`${field}\` in a ${kind}`, encoding.remedy, "key");
      return [];
    }
    const texts = readMap(keySchema, valueSchema, value, location, "{ PORT: ${PORT} }");
    return Object.entries(texts).map(([key, template]): ManifestEntry => ({
      key,
      template,
      encoding,
      path: location.at(key).path,
    }));
  });
  for (const [index, entry] of entries.entries()) {
    const at = root.at(...entry.path);
    if (entries.findIndex(({ key }) => key === entry.key) < index) {
      at.refuse("a key that the object has already", "it in one place", "key");
    }
    if (references(entry.template).length === 0) checkFixed(kind, entry, at, notSecret);
    else checkTemplate(kind, entry, at, notSecret);
  }
  const bytes = entries.reduce((sum, entry) => sum + Buffer.byteLength(entry.template), 0);
  if (bytes > MOST_BYTES) root.refuse(`values of ${bytes} bytes`, `at most ${MOST_BYTES} bytes, as Kubernetes has it`);
  return entries;
}

/**
 * The value that a filled-in text stands for.
 *
 * @returns undefined when it should be base64, and is not
 */
export function entryValue({ encoding }: Pick<ManifestEntry, "encoding">, text: string): Buffer | undefined {
  if (encoding === "text") return Buffer.from(text);
  const written = text.replace(/[\r\n]/g, "");
  const isBase64 = written.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(written);
  return isBase64 ? Buffer.from(written, "base64") : undefined;
}

/** What to write instead of a value that looks like a credential. */
export function credentialRemedy(kind: ManifestKind, key: string): string {
  const place =
    kind === "Secret"
      ? "`${NAME}` in its place, and the variable under `variables` of the application's file"
      : "it in a Secret";
  return `${place}; if it is not secret: \`notSecret: [${key}]\` there`;
}

function checkFixed(
  kind: ManifestKind,
  entry: ManifestEntry,
  location: Location,
  notSecret: readonly string[],
): void {
  const value = entryValue(entry, entry.template);
  if (value === undefined) {
    const plain = kind === "Secret" ? "stringData" : "data";
    location.refuse("a text that is no base64", `base64, or the text as it is under \`${plain}\``);
  } else if (!notSecret.includes(entry.key)) {
    const credential = credentialKind(value.toString("utf8"), entry.key);
    if (credential === undefined) return;
    location.refuse(
      `what looks like ${credential}, in a file that is in version control`,
      credentialRemedy(kind, entry.key),
    );
  }
}

function checkTemplate(
  kind: ManifestKind,
  { key, template }: ManifestEntry,
  location: Location,
  notSecret: readonly string[],
): void {
  if (notSecret.includes(key)) return;
  const fixed = credentialKind(template);
  if (fixed !== undefined) {
    location.refuse(`what looks like ${fixed}, beside variables`, credentialRemedy(kind, key));
    return;
  }
  if (kind === "Secret") return;
  const made = templateCredentialKind(
    key,
    references(template),
    (value) => substitute(template, () => true, () => value) ?? "",
  );
  if (made === undefined) return;
  location.refuse(`a template that makes what looks like ${made}`, credentialRemedy(kind, key));
}
