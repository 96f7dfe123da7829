import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "./reading";
import type { Part, Path, Place, Source } from "./location";
import { readYaml } from "./yamlDocument";
import type { YamlDocument } from "./yamlDocument";

/**
 * Where the values of a stack's configuration stand: in its own file, else in Pulumi.yaml. Values come from
 * Pulumi, which knows no places; the files are read for these alone, and may be missing.
 *
 * @param folder folder of the project
 */
export function stackSource(stack: string, folder: string): Source {
  const file = `Pulumi.${stack}.yaml`;
  const documents = [file, "Pulumi.yaml"].flatMap((name) => readIfPresent(join(folder, name), name));
  return {
    place(path: Path, part: Part): Place {
      for (const document of documents) {
        const start = configurationPath(document, path[0]);
        if (start !== undefined) return document.place([...start, ...path.slice(1)], part);
      }
      return { file };
    },
  };
}

function readIfPresent(path: string, file: string): YamlDocument[] {
  try {
    return [readYaml(readFileSync(path, "utf8"), file, [])];
  } catch {
    return [];
  }
}

/** The path of a configuration value in a file; undefined when the file does not set it. */
function configurationPath({ content }: YamlDocument, key: string | number | undefined): Path | undefined {
  const configuration = isRecord(content) ? content.config : undefined;
  if (!isRecord(configuration) || typeof key !== "string") return undefined;
  const name = Object.keys(configuration).find(
    (candidate) => candidate === key || candidate.endsWith(`:${key}`),
  );
  if (name === undefined) return undefined;
  const value = configuration[name];
  // Pulumi.yaml may declare a value with its type: `environments: { type: array, default: [...] }`.
  const declared = isRecord(value)
    ? ["value", "default"].find((field) => Object.hasOwn(value, field))
    : undefined;
  return ["config", name, ...(declared === undefined ? [] : [declared])];
}
