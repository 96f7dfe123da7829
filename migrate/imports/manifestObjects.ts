/** Reads Secrets and ConfigMaps out of manifests, with what of them cannot be carried over. Pure. */
import { isRecord } from "../../config/reading";
import { DEFAULT_TYPE } from "../../config/secretTypes";
import { AnyObject } from "../inventory/inventory";
import { recordOf, textOf } from "../inventory/untyped";
import { Exceptions, ImportedEnvironment, ImportedObject } from "./importedObject";

/** Ten characters of Kustomize's own alphabet at the end of a name. */
const HASH = /-[2456789bcdfghkmt]{10}$/;
/** What Kustomize notes down for itself. */
const OWN_ANNOTATION = /^(?:[a-z.]*\.)?(?:config\.kubernetes\.io|config\.k8s\.io)\//;

/** What was found in the manifests of one environment. */
type Found = Pick<ImportedEnvironment, "objects" | "others" | "notes" | "problems">;

/**
 * @param place how messages name where they were read
 * @param generators names of what Kustomize generates: only these have a hash
 * @param exceptions what is left out on purpose
 */
export function importedObjects(
  manifests: readonly AnyObject[],
  place: string,
  generators: readonly string[],
  exceptions: Exceptions,
): Found {
  const objects: ImportedObject[] = [];
  const others: string[] = [];
  const notes: string[] = [];
  const problems: string[] = [];
  for (const manifest of manifests) {
    const { kind } = manifest;
    const metadata = recordOf(manifest["metadata"]);
    const written = textOf(metadata["name"]) ?? "";
    if ((kind !== "Secret" && kind !== "ConfigMap") || manifest["apiVersion"] !== "v1") {
      others.push(`${textOf(kind) ?? "an object without a kind"} ${written}`.trimEnd());
      continue;
    }
    const name = withoutHash(written, generators);
    const title = `${kind}/${name}`;
    if (exceptions.has(title)) {
      others.push(`${kind} ${name}`);
      continue;
    }
    if (name !== written)
      notes.push(`${place}: ${title} has a hash in its name, ${written}; here its name is ${name}`);
    if (manifest["immutable"] === true)
      notes.push(`${place}: ${title} is immutable; here its values can be changed`);
    const refuse = (key: string, found: string, remedy: string): void => {
      if (!exceptions.has(`${title}/${key}`))
        problems.push(
          `${place}: ${title}: ${key}: ${found}; ${remedy}, or leave it out with --except ${title}/${key}`,
        );
    };
    objects.push({
      kind,
      name,
      namespace: textOf(metadata["namespace"]),
      type: kind === "Secret" ? (textOf(manifest["type"]) ?? DEFAULT_TYPE) : "",
      values: new Map(
        [...valuesOf(manifest, kind, refuse)].filter(([key]) => !exceptions.has(`${title}/${key}`)),
      ),
      labels: textsOf(metadata["labels"]),
      annotations: textsOf(metadata["annotations"], OWN_ANNOTATION),
    });
  }
  return { objects, others, notes, problems: [...problems, ...repeated(objects, place)] };
}

function withoutHash(name: string, generators: readonly string[]): string {
  const short = name.replace(HASH, "");
  return generators.some((generator) => short.includes(generator)) ? short : name;
}

type Refuse = (key: string, found: string, remedy: string) => void;

function valuesOf(manifest: AnyObject, kind: ImportedObject["kind"], refuse: Refuse): Map<string, string> {
  const values = new Map<string, string>();
  const plain = (content: unknown): void => {
    for (const [key, value] of Object.entries(recordOf(content))) {
      if (typeof value === "string") values.set(key, value);
      else
        refuse(
          key,
          `${typeof value === "object" ? "something" : `a ${typeof value}`} that is no text`,
          "write it in quotes",
        );
    }
  };
  if (kind === "ConfigMap") {
    plain(manifest["data"]);
    for (const key of Object.keys(recordOf(manifest["binaryData"])))
      refuse(key, "bytes that are no text", "put the file into an image or a volume");
    return values;
  }
  for (const [key, value] of Object.entries(recordOf(manifest["data"]))) {
    const text = typeof value === "string" ? decoded(value) : undefined;
    if (text !== undefined) values.set(key, text);
    else if (typeof value === "string" && value.includes("${"))
      refuse(key, "a variable in base64 under `data`", "write it under `stringData`, not encoded");
    else refuse(key, "no text in UTF-8 that was encoded with base64", "keep it as text");
  }
  plain(manifest["stringData"]);
  return values;
}

/** @returns undefined when it is no base64, or no text that a variable could hold */
function decoded(base64: string): string | undefined {
  const compact = base64.replaceAll(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Buffer.from(compact, "base64"),
    );
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function textsOf(value: unknown, without?: RegExp): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && without?.test(entry[0]) !== true,
    ),
  );
}

function repeated(objects: readonly ImportedObject[], place: string): string[] {
  const titles = objects.map(({ kind, name }) => `${kind}/${name}`);
  return [...new Set(titles.filter((title, index) => titles.indexOf(title) < index))].map(
    (title) =>
      `${place}: ${title} is there more than once, in several namespaces; give each a name of its own, or leave them ` +
      `out with --except ${title}`,
  );
}
