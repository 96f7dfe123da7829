import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../parts/cache";
import { contentOf, writeArchive, type Image } from "./archive";

/** Label of an imported image: stands for all that it was made of. */
const LABEL = "secrets-platform/fingerprint";

/** Runs `ctr` against the node's containerd, and returns what it prints. */
export type ContainerdCommand = (commandArguments: readonly string[]) => Promise<string>;

/**
 * Imports an image into containerd, unless the same one is there.
 *
 * @returns whether it was imported.
 */
export async function importImage(image: Image, ctr: ContainerdCommand): Promise<boolean> {
  const label = `${LABEL}=${await fingerprintOf(image)}`;
  const present = await ctr(["images", "list", `name==${image.reference}`]);
  if (present.includes(label)) return false;
  // In the cache rather than the folder for temporary files, which may be memory: an archive has up to 250 MB.
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), ".image-"));
  try {
    const archive = join(folder, "image.tar");
    await writeArchive(image, archive);
    await ctr(["images", "import", archive]);
    await ctr(["images", "label", image.reference, label]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}

/** Files are told apart by size and time of change: they are too large to be read on every run. */
async function fingerprintOf(image: Image): Promise<string> {
  const files = await Promise.all(
    Object.values(contentOf(image)).map(async (source) => {
      const { size, mtimeMs } = await stat(source);
      return { source, size, mtimeMs };
    }),
  );
  return createHash("sha256").update(JSON.stringify({ image, files })).digest("hex").slice(0, 32);
}
