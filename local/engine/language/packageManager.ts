import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import { findExecutable } from "./executable";
import type { PackageManager, RuntimeOptions } from "./options";

/** Whose lock file a folder holds; npm's is not needed: npm is the default. */
const LOCK_FILES: readonly (readonly [string, PackageManager])[] = [
  ["yarn.lock", "yarn"],
  ["pnpm-lock.yaml", "pnpm"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

/** The package manager that the runtime options name; without one, the one whose lock file is beside the program. */
export function packageManagerOf(options: RuntimeOptions, directory: string): PackageManager {
  if (options.packageManager) {
    return options.packageManager;
  }
  const locked = LOCK_FILES.find(
    ([file, name]) => existsSync(join(directory, file)) && findExecutable(name) !== undefined,
  );
  return locked?.[1] ?? "npm";
}

/** Arguments that install what the lock file or package.json names. `npm ci` would delete what runs right now. */
export function installArguments(manager: PackageManager, production: boolean): string[] {
  switch (manager) {
    case "npm":
      return ["install", "--loglevel=error", ...(production ? ["--omit=dev"] : [])];
    case "pnpm":
      return ["install", ...(production ? ["--prod"] : [])];
    case "yarn":
    case "bun":
      return ["install", ...(production ? ["--production"] : [])];
  }
}

/** The nearest folder, from a program's upwards, that a file is in; undefined when none has it. */
export function findUpwards(directory: string, file: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) {
      return folder;
    }
    if (dirname(folder) === folder) {
      return undefined;
    }
  }
}

/** What a command prints for `--version`; undefined when it cannot be run. */
export async function versionOf(command: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ["--version"], { timeout: 10_000 });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
