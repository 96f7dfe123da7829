import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ApplicationFile } from "./applicationFiles";

/**
 * Writes every file, or none when one of them is there already.
 *
 * @returns their paths
 * @throws Error with the paths that are there
 */
export function writeApplicationFiles(
  folder: string,
  files: readonly Pick<ApplicationFile, "file" | "text">[],
): string[] {
  const paths = files.map(({ file }) => join(folder, file));
  const present = paths.filter((path) => existsSync(path));
  if (present.length > 0) {
    throw new Error(
      `${present.join(", ")}: already there, so nothing was written. Write to a folder of its own, such as ` +
        "--write migration, and add what its files have under `secrets` to yours",
    );
  }
  if (files.length > 0) mkdirSync(folder, { recursive: true });
  for (const { file, text } of files) writeFileSync(join(folder, file), text, { flag: "wx" });
  return paths;
}
