/** What stands in for a file that version control does not have: its example beside it. */
import { existsSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import { parseEnv } from "node:util";
import { readManifests } from "../inventory/manifests";
import { recordOf, textOf } from "../inventory/untyped";

const WORDS = ["example", "sample", "template"];

/** The example beside a file, `.env.example` or `patch.example.yaml`; undefined when there is none. */
export function exampleBeside(file: string): string | undefined {
  const extension = extname(file);
  const stem = basename(file, extension);
  const names = WORDS.flatMap((word) => [
    `${basename(file)}.${word}`,
    ...(extension === "" ? [] : [`${stem}.${word}${extension}`]),
  ]);
  return names.map((name) => join(dirname(file), name)).find((path) => existsSync(path));
}

/** The keys that an example names: of a patch's data, of a JSON patch's paths, of a file of variables. */
export function exampleKeys(file: string, text: string): string[] {
  if (!/\.(?:ya?ml|json)\b/.test(basename(file))) return Object.keys(parseEnv(text));
  const { objects } = readManifests([{ file: "example.yaml", text }]);
  const keys = objects.flatMap(({ data, stringData }) =>
    [data, stringData].flatMap((part) => Object.keys(recordOf(part))),
  );
  const paths = text.matchAll(/^[\s-]*["']?path["']?:\s*["']?\/(?:data|stringData)\/([^\s"']+)/gm);
  return [...keys, ...[...paths].flatMap(([, key]) => textOf(key) ?? [])];
}
