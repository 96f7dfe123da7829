/** Lets Kustomize itself make the manifests of an overlay, as `kubectl apply -k` would. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { Overlay, OverlayParts } from "./tree";

/** Most that an overlay's manifests may be. */
const LARGEST_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MILLISECONDS = 120_000;

/**
 * The manifests of an overlay. Where files are not there, their examples stand in their place.
 *
 * @throws Error that says nothing of what kubectl printed: it quotes files, and there may be values in them
 */
export async function renderOverlay(overlay: Overlay, parts: OverlayParts): Promise<string> {
  if (parts.examples.size === 0) return kustomize(overlay.folder, overlay.path);
  const folder = mkdtempSync(join(tmpdir(), "kustomize-"));
  try {
    return await kustomize(linkedTree(folder, overlay, parts), overlay.path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Links in the form of the tree: what is in the files is written nowhere. @returns the overlay's folder in it */
function linkedTree(
  folder: string,
  overlay: Overlay,
  { kustomizations, files, examples }: OverlayParts,
): string {
  const own = kustomizations.flatMap(({ file }) => file);
  const targets = new Map(
    [...own, ...files].map((file) => [file, file]).concat([...examples]) as [string, string][],
  );
  const root = commonFolder([...targets.keys()].map((file) => dirname(file)));
  for (const [file, target] of targets) {
    const link = join(folder, relative(root, file));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(target), link);
  }
  return join(folder, relative(root, overlay.folder));
}

function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    const parts = folder.split(sep);
    const shared = common.split(sep).findIndex((part, index) => part !== parts[index]);
    return shared < 0 ? common : common.split(sep).slice(0, shared).join(sep) || sep;
  });
}

async function kustomize(folder: string, place: string): Promise<string> {
  try {
    const words = ["kustomize", "--load-restrictor", "LoadRestrictionsNone", folder];
    const { stdout } = await promisify(execFile)("kubectl", words, {
      maxBuffer: LARGEST_BYTES,
      timeout: TIMEOUT_MILLISECONDS,
    });
    return stdout;
  } catch (error) {
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    // Without the cause: kubectl's own words are in it.
    throw new Error(
      isMissing
        ? "kubectl is not there, which has Kustomize in it; install it, or write its folder into PATH"
        : `${place}: kubectl kustomize refuses it; run it there to see why: what it prints may quote values, and is not shown here`,
    );
  }
}
