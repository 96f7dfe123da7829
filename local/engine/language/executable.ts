import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Where a command is found, or undefined.
 *
 * @param folders where to look, in this order. Default: the folders of PATH
 */
export function findExecutable(
  name: string,
  folders: readonly string[] = (process.env["PATH"] ?? "").split(delimiter),
): string | undefined {
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
