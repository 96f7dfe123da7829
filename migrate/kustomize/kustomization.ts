/** Reads what a kustomization names: other kustomizations, files, generators. Nothing of a file's content is quoted. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { recordOf, recordsOf, textOf, textsOf } from "../inventory/untyped";

/** A folder with a kustomization. */
export interface Kustomization {
  /** Absolute path of the folder, and of the file in it. */
  readonly folder: string;
  readonly file: string;
  readonly isComponent: boolean;
  /** Absolute paths of what it names, there or not; what is on another machine is left out. */
  readonly references: readonly string[];
  /** Names of the Secrets and ConfigMaps that it generates. */
  readonly generators: readonly string[];
  /** Files of generators and transformers. */
  readonly plugins: readonly string[];
}

const FILE_NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];
const REMOTE = /^[a-z][a-z0-9+.-]*:\/\/|^git@|\?(?:.*&)?ref=|^(?:github|gitlab|bitbucket)\.[a-z]+\//i;
/** Lists of paths; `patchesStrategicMerge` may have whole patches as well. */
const PATH_LISTS = [
  "resources",
  "bases",
  "components",
  "crds",
  "configurations",
  "generators",
  "transformers",
  "validators",
  "patchesStrategicMerge",
] as const;

/** The kustomization in a folder; undefined when there is none. @throws Error when it is no YAML */
export function readKustomization(folder: string): Kustomization | undefined {
  const file = FILE_NAMES.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const document = parseDocument(readFileSync(file, "utf8"), { prettyErrors: false });
  if (document.errors.length > 0) throw new Error(`${file}: cannot be read; write YAML, as Kustomize has it`);
  const content = recordOf(document.toJS());
  const listed = (field: string): string[] => textsOf(content[field]).filter(isPath);
  const pathsIn = (field: string): string[] =>
    recordsOf(content[field]).flatMap(({ path }) => textOf(path) ?? []);
  const generators = ["secretGenerator", "configMapGenerator"].flatMap((field) => recordsOf(content[field]));
  const paths = [
    ...PATH_LISTS.flatMap(listed),
    ...["patches", "patchesJson6902", "replacements"].flatMap(pathsIn),
    ...generators.flatMap(sourcesOf),
  ].filter((path) => !REMOTE.test(path));
  return {
    folder,
    file,
    isComponent: content["kind"] === "Component",
    references: [...new Set(paths.map((path) => resolve(folder, path)))],
    generators: generators.flatMap(({ name }) => textOf(name) ?? []),
    plugins: ["generators", "transformers"].flatMap(listed).map((path) => resolve(folder, path)),
  };
}

/** Whether there is a folder of this name. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function sourcesOf({ files, envs, env }: Record<string, unknown>): string[] {
  const named = textsOf(files).map((entry) => entry.slice(entry.indexOf("=") + 1));
  return [...named, ...textsOf(envs), ...(textOf(env) === undefined ? [] : [String(env)])];
}

/** What has several lines is content and no path. */
function isPath(text: string): boolean {
  return !text.includes("\n") && !text.startsWith("{");
}
