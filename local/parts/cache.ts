import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { withLock } from "./lock";

/** The cache of this user: `$XDG_CACHE_HOME/secrets-platform`, or `~/.cache/secrets-platform`. */
export function cacheFolder(): string {
  const home = process.env.XDG_CACHE_HOME;
  return join(home === undefined || home === "" ? join(homedir(), ".cache") : home, "secrets-platform");
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/**
 * The folder of an entry of the cache. When it is missing, `make` fills a temporary folder which then takes the
 * entry's place in one step: an entry that exists is complete, also after a crash. One process at a time makes an
 * entry, others wait for it.
 *
 * @param group Folder inside the cache, such as `parts`.
 * @param name Name of the entry, which says everything that its content depends on.
 */
export async function cached(
  group: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<{ folder: string; made: boolean }> {
  const parent = join(cacheFolder(), group);
  const folder = join(parent, name);
  if (await exists(folder)) return { folder, made: false };
  await mkdir(parent, { recursive: true });
  return withLock(join(parent, `.${name}.lock`), async () => {
    if (await exists(folder)) return { folder, made: false };
    const prefix = `.${name}.`;
    for (const left of await readdir(parent)) {
      if (left.startsWith(prefix) && left !== `${prefix}lock`) {
        await rm(join(parent, left), { recursive: true, force: true });
      }
    }
    const temporary = await mkdtemp(join(parent, prefix));
    try {
      await make(temporary);
      await rename(temporary, folder);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    return { folder, made: true };
  });
}
