import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { stateHome } from "../node/folders";
import { run } from "../process/run";
import { environmentVariable } from "./environment";
import type { Part } from "./part";

/** A part that is on the machine already. */
export interface FoundPart {
  path: string;
  version: string;
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Whether a folder holds every executable of a part. */
export async function holds(part: Part, folder: string): Promise<boolean> {
  const present = await Promise.all(part.executables.map((name) => executable(join(folder, name))));
  return present.every(Boolean);
}

/** The path that stands for a part inside a folder: its only executable, or the folder itself. */
export function pathIn(part: Part, folder: string): string {
  const [only] = part.executables;
  return part.executables.length === 1 && only !== undefined ? join(folder, only) : folder;
}

/** What an executable says its version is; undefined when it says nothing that can be understood. */
async function versionOf(part: Part, executable: string): Promise<string | undefined> {
  if (part.question === undefined) return undefined;
  const { stdout, stderr } = await run(executable, part.question.arguments, { timeout: 20_000 });
  return part.question.pattern.exec(`${stdout}\n${stderr}`)?.[1];
}

/** The version of the part in a folder: what it says, or what it must be when it cannot say. */
export async function versionIn(part: Part, folder: string): Promise<string | undefined> {
  const [first] = part.executables;
  if (part.question === undefined || first === undefined) return part.version;
  // An executable of that name may be anything, or nothing that this machine can run.
  return versionOf(part, join(folder, first)).catch(() => undefined);
}

/**
 * The part that an environment variable names. Its version is taken as it is: who names a part knows why.
 * Throws when what is named is not there.
 */
export async function namedByEnvironment(part: Part): Promise<FoundPart | undefined> {
  const variable = environmentVariable(part.name);
  const named = process.env[variable];
  if (named === undefined || named === "") return undefined;
  const path = resolve(named);
  const [only] = part.executables;
  const single = part.executables.length === 1 && only !== undefined;
  if (single ? !(await executable(path)) : !(await holds(part, path))) {
    throw new Error(
      `${variable} is ${path}, which is not ${single ? "an executable file" : `a folder that holds ${part.executables.join(", ")}`}. ` +
        `Name ${single ? `the executable ${only}` : "such a folder"}, or unset the variable.`,
    );
  }
  const asked = await versionOf(part, single ? path : join(path, only ?? ""));
  return { path, version: asked ?? "unknown" };
}

/** The part on PATH or in its usual folders, when its version is good enough. */
export async function onThisMachine(part: Part): Promise<FoundPart | undefined> {
  // The platform's own wrappers may be on PATH; they are no parts.
  const wrappers = stateHome();
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.startsWith(wrappers));
  const folders = [...(part.question === undefined ? [] : path), ...(part.folders ?? [])];
  for (const folder of folders) {
    if (folder === "" || !(await holds(part, folder))) continue;
    const version = await versionIn(part, folder);
    if (version !== undefined && (part.question?.accepts(version) ?? true)) {
      return { path: pathIn(part, folder), version };
    }
  }
  return undefined;
}
