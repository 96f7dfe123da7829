/** The overlays of a Kustomize tree, and everything that one of them is made of. */
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { recordOf, textOf } from "../inventory/untyped";
import { readManifests } from "../inventory/manifests";
import { exampleBeside, exampleKeys } from "./example";
import { isFolder, Kustomization, readKustomization } from "./kustomization";

/** A kustomization that environments are made of. */
export interface Overlay {
  /** Its path below the tree, such as `overlays/prod`. */
  readonly path: string;
  readonly folder: string;
}

/** What an overlay is made of. */
export interface OverlayParts {
  readonly kustomizations: readonly Kustomization[];
  /** Files that are there. */
  readonly files: readonly string[];
  /** File that is not there -> its example. */
  readonly examples: ReadonlyMap<string, string>;
  /** Keys that the examples name. */
  readonly exampleKeys: ReadonlySet<string>;
  readonly problems: readonly string[];
}

const PASSED_OVER = new Set([".git", "node_modules"]);

/** Every kustomization of a tree, and which of them no other one builds upon. @throws Error when there is none */
export function readTree(root: string): { overlays: readonly Overlay[]; ends: readonly Overlay[] } {
  if (!isFolder(root))
    throw new Error(`${root}: no folder that can be read; name the one with base and overlays`);
  const top = realpathSync(root);
  const kustomizations = foldersIn(top).flatMap((folder) => readKustomization(folder) ?? []);
  if (kustomizations.length === 0)
    throw new Error(`${root}: no kustomization.yaml in it or below; name the folder with base and overlays`);
  const used = new Set(kustomizations.flatMap(({ references }) => references));
  const overlays = kustomizations
    .filter(({ isComponent }) => !isComponent)
    .map(({ folder }): Overlay => ({ path: relative(top, folder) || basename(top), folder }));
  return { overlays, ends: overlays.filter(({ folder }) => !used.has(folder)) };
}

/** Follows everything that an overlay names. @throws Error when a kustomization is no YAML */
export function overlayParts({ folder, path }: Overlay): OverlayParts {
  const kustomizations = new Map<string, Kustomization>();
  const files: string[] = [];
  const examples = new Map<string, string>();
  const problems: string[] = [];
  const waiting = [folder];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const kustomization = kustomizations.has(next) ? undefined : readKustomization(next);
    if (kustomization === undefined) continue;
    kustomizations.set(next, kustomization);
    for (const reference of kustomization.references) {
      if (isFolder(reference)) waiting.push(reference);
      else if (isThere(reference)) files.push(reference);
      else {
        const example = exampleBeside(reference);
        if (example !== undefined) examples.set(reference, example);
        else problems.push(lackOf(reference, kustomization, path));
      }
    }
    problems.push(...kustomization.plugins.flatMap((plugin) => pluginProblem(plugin, path)));
  }
  // Of a file that is a value as a whole, the name is the key.
  const keys = [...examples].flatMap(([file, example]) => [
    basename(file),
    ...exampleKeys(example, readFileSync(example, "utf8")),
  ]);
  return {
    kustomizations: [...kustomizations.values()],
    files,
    examples,
    exampleKeys: new Set(keys),
    problems,
  };
}

function lackOf(reference: string, { folder, file }: Kustomization, place: string): string {
  const name = relative(folder, reference);
  return (
    `${place}: ${basename(file)} in ${basename(folder)} names ${name}, which is not there, and there is no ` +
    `${basename(name)}.example beside it; put one of the two there`
  );
}

/** What a program makes or changes is not known before it has run. */
function pluginProblem(plugin: string, place: string): string[] {
  if (!isThere(plugin)) return [];
  const { objects } = readManifests([{ file: "plugin.yaml", text: readFileSync(plugin, "utf8") }]);
  return objects
    .filter(({ apiVersion }) => apiVersion !== "builtin")
    .map(
      (object) =>
        `${place}: ${basename(plugin)} runs a program of its own, ${textOf(recordOf(object)["kind"]) ?? "without a kind"}, ` +
        "and what it does to Secrets is not known; take it out of a copy of the tree, and import that",
    );
}

function isThere(path: string): boolean {
  try {
    realpathSync(path);
    return true;
  } catch {
    return false;
  }
}

function foldersIn(folder: string): string[] {
  const below = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !PASSED_OVER.has(entry.name))
    .map(({ name }) => join(folder, name))
    .sort();
  return [folder, ...below.flatMap(foldersIn)];
}
