import { statSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Location } from "./location";
import { fileFailure, readTextFile } from "./textFile";

/** What an environment file has. */
interface EnvironmentFile {
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Whether others than its owner can read it. */
  readonly isOpen: boolean;
}

/** Permissions of the group and of everybody. */
const OTHERS = 0o077;

/**
 * Reads a file of variables, in the syntax that Node's `--env-file` takes: `NAME=value` in each line, quotes, comments.
 *
 * @param file the file, relative to the project's folder
 * @param location where the stack's configuration names it
 * @returns undefined when it cannot be read, which is reported there
 */
export function readEnvironmentFile(
  file: string,
  folder: string,
  location: Location,
): EnvironmentFile | undefined {
  const path = resolve(folder, file);
  try {
    const text = readTextFile(path);
    // Windows has no such permissions, and every file there seems open.
    const isOpen = process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0;
    return { values: parseEnv(text), isOpen };
  } catch (error) {
    location.refuse(
      `${JSON.stringify(file)}, a file that cannot be read (${fileFailure(error)})`,
      "a file of variables in UTF-8, made from its example, or no `environmentFile`: the variables of the process count",
    );
    return undefined;
  }
}
