import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A file that is text. */
export interface TextFile {
  /** Its path, below the folder as that was named. */
  readonly file: string;
  readonly text: string;
}

/** Larger files are data. */
const LARGEST_BYTES = 4 * 1024 * 1024;
/** Folders that hold other people's files. */
const PASSED_OVER = new Set([".git", "node_modules"]);

/**
 * The text files of a folder and of those in it, sorted by path. Links are not followed.
 *
 * @throws Error when the folder cannot be read
 */
export function textFiles(folder: string): TextFile[] {
  return pathsIn(folder).flatMap((file) => {
    if (statSync(file).size > LARGEST_BYTES) return [];
    const content = readFileSync(file);
    return content.includes(0) ? [] : [{ file, text: content.toString("utf8") }];
  });
}

function pathsIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !PASSED_OVER.has(name));
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pathsIn(path);
      return entry.isFile() ? [path] : [];
    });
}
