import { readdirSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { isKeyName } from "../keyName";
import { MistakesError, type Mistake } from "../mistakes";
import { identityOf, readText, type WatchedSource } from "../watchedFile";

/** The link by which a kubelet switches all files of a mounted Secret at once. */
const CURRENT = "..data";

/** A folder that is switched this often while it is read is not waited for any longer. */
const TRIES = 5;

/** The folder that holds the files now. */
interface Generation {
  readonly folder: string;
  /** Another text after each switch. */
  readonly identity: string;
}

/**
 * A folder with a file for each key: a mounted Secret, several in one projected volume, or any other. A file's whole
 * content is the value; files whose name no key can have, and folders in it, are left out.
 */
export function folderSource(path: string): WatchedSource<ReadonlyMap<string, string>> {
  return { path, identity: () => folderIdentity(path), read: () => readGeneration(path) };
}

/**
 * Reads the files of one generation, never of two: their folder is found once, and they are read again when a switch
 * came in between, for then the kubelet may have been removing them.
 */
function readGeneration(path: string): ReadonlyMap<string, string> {
  for (let tries = 0; tries < TRIES; tries++) {
    const { folder, identity } = generationOf(path);
    const isStill = (): boolean => generationOf(path).identity === identity;
    try {
      const values = readValues(folder);
      if (isStill()) return values;
    } catch (error) {
      if (isStill()) throw error;
    }
  }
  throw new Error(`${path}: it was switched each of the ${TRIES} times that it was read`);
}

/** @throws MistakesError with every mistake; a folder without a key is one, like a file without any */
function readValues(folder: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const mistakes: Mistake[] = [];
  for (const name of keyFiles(folder)) {
    try {
      values.set(name, readText(join(folder, name), true));
    } catch (error) {
      const remedy = "a file of UTF-8 text that the process may read, or none";
      mistakes.push({ place: join(folder, name), found: (error as Error).message, remedy });
    }
  }
  if (values.size === 0 && mistakes.length === 0) {
    mistakes.push({ place: folder, found: "no key", remedy: "a file for each key, named like it" });
  }
  if (mistakes.length > 0) throw new MistakesError(mistakes, "the folder of values");
  return values;
}

/** Names of the files that are keys. A link that leads nowhere counts, so that it is not taken for no key. */
function keyFiles(folder: string): string[] {
  return readdirSync(folder).filter(
    (name) => isKeyName(name) && (statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? true),
  );
}

function generationOf(path: string): Generation {
  const link = join(path, CURRENT);
  try {
    const folder = realpathSync(link);
    return { folder, identity: `${folder}:${identityOf(folder)}` };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw new Error(`${link}: it leads nowhere (${code ?? "no code"})`);
    // It is no mounted Secret: it is read as it is.
    return { folder: path, identity: path };
  }
}

/** What changes when the folder is switched, and when a file in it is added, removed or written to. */
function folderIdentity(path: string): string {
  try {
    const { folder, identity } = generationOf(path);
    const files = keyFiles(folder).map((name) => `${name}:${identityOf(join(folder, name))}`);
    return [identity, ...files].join("\n");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}
