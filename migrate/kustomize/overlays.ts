/** Reads the environments of a Kustomize tree. */
import { basename, relative } from "node:path";
import { importedObjects } from "../imports/manifestObjects";
import { Exceptions, ImportedEnvironment } from "../imports/importedObject";
import { readManifests } from "../inventory/manifests";
import { renderOverlay } from "./rendering";
import { Overlay, overlayParts, readTree } from "./tree";

/** Which overlay makes which environment, and which one makes none. */
export interface OverlayMapping {
  /** Overlays, each with its environment. One may make several. */
  readonly overlays: readonly (readonly [overlay: string, environment: string])[];
  /** Overlays that are left out. */
  readonly without: readonly string[];
}

/**
 * What every mapped overlay makes.
 *
 * @param root the folder with base and overlays
 * @throws Error with every overlay that is mapped to nothing, or is not there
 */
export async function readOverlays(
  root: string,
  mapping: OverlayMapping,
  exceptions: Exceptions,
): Promise<ImportedEnvironment[]> {
  const environments: ImportedEnvironment[] = [];
  for (const [overlay, environment] of mappedOverlays(root, mapping)) {
    const parts = overlayParts(overlay);
    const place = overlay.path;
    const base = { environment, place, exampleKeys: parts.exampleKeys };
    const examples = [...parts.examples].map(([file, example]) => exampleText(overlay, file, example));
    if (parts.problems.length > 0) {
      environments.push({ ...base, examples, objects: [], others: [], notes: [], problems: parts.problems });
      continue;
    }
    const text = await renderOverlay(overlay, parts);
    const { objects, unread } = readManifests([{ file: `${place}.yaml`, text }]);
    const generators = parts.kustomizations.flatMap((kustomization) => kustomization.generators);
    const found = importedObjects(objects, place, generators, exceptions);
    environments.push({ ...base, ...found, examples, problems: [...found.problems, ...unread] });
  }
  return environments;
}

function exampleText({ folder, path }: Overlay, file: string, example: string): string {
  return `${path}: ${relative(folder, file)} is not there: names are those of ${basename(example)}`;
}

function mappedOverlays(root: string, { overlays, without }: OverlayMapping): [Overlay, string][] {
  const tree = readTree(root);
  const mapped: [Overlay, string][] = [];
  const mistakes: string[] = [];
  const find = (name: string, option: string): Overlay | undefined => {
    const exact = tree.overlays.filter(({ path }) => path === name);
    const found = exact.length > 0 ? exact : tree.overlays.filter(({ path }) => basename(path) === name);
    if (found.length === 1) return found[0];
    const known = (found.length > 1 ? found : tree.ends).map(({ path }) => path).join(", ");
    mistakes.push(
      `${option} ${name}: ${found.length > 1 ? "several are called so" : "there is none"}; write one of ${known}`,
    );
    return undefined;
  };
  const left = without.map((name) => find(name, "--without"));
  for (const [name, environment] of overlays) {
    const overlay = find(name, "--overlay");
    if (overlay !== undefined) mapped.push([overlay, environment]);
  }
  const known = [...mapped.map(([overlay]) => overlay), ...left];
  const unmapped = tree.ends.filter((overlay) => !known.includes(overlay));
  if (unmapped.length > 0) {
    const names = unmapped.map(({ path }) => path);
    mistakes.push(
      `${names.join(", ")}: mapped to no environment; write ` +
        `${names.map((name) => `--overlay ${name}=<environment>`).join(" ")}, or --without and the name`,
    );
  }
  if (mistakes.length > 0) throw new Error(mistakes.join("\n"));
  return mapped;
}
