import { LineCounter, parseAllDocuments } from "yaml";
import { isRecord } from "../../config/reading";
import { AnyObject } from "./inventory";
import { TextFile } from "./textFiles";

/** Objects of manifests, and what could not be read. */
export interface Manifests {
  readonly objects: readonly AnyObject[];
  /** Place and reason of each file that is no plain YAML. Nothing of a file is quoted: a value may stand there. */
  readonly unread: readonly string[];
}

/** Reads manifests from YAML and JSON files: several documents in one, and Lists. */
export function readManifests(files: readonly TextFile[]): Manifests {
  const objects: AnyObject[] = [];
  const unread: string[] = [];
  for (const { file, text } of files) {
    if (!/\.(?:ya?ml|json)$/.test(file)) continue;
    const lineCounter = new LineCounter();
    for (const document of [
      ...parseAllDocuments(text, { lineCounter, prettyErrors: false, logLevel: "silent" }),
    ]) {
      const [error] = document.errors;
      if (error !== undefined) {
        unread.push(`${file}:${lineCounter.linePos(error.pos[0]).line}: no plain YAML (${error.code})`);
        break;
      }
      try {
        objects.push(...objectsOf(document.toJS()));
      } catch {
        unread.push(`${file}: aliases that cannot be followed`);
      }
    }
  }
  return { objects, unread };
}

function objectsOf(content: unknown): AnyObject[] {
  if (!isRecord(content)) return [];
  const { kind, items } = content;
  if (typeof kind === "string" && kind.endsWith("List") && Array.isArray(items))
    return items.flatMap(objectsOf);
  return [content];
}
