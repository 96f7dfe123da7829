import { runOrThrow } from "../process/run";

/**
 * The shared libraries that an executable of this machine needs, its loader included.
 *
 * @returns their paths, as the loader finds them.
 */
export async function sharedLibraries(executable: string): Promise<string[]> {
  const listed = await runOrThrow("ldd", [executable]);
  const missing = [...listed.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name);
  if (missing.length > 0) {
    throw new Error(`${executable} needs libraries that this machine does not have: ${missing.join(", ")}`);
  }
  return [...listed.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x/gm)].map(([, path = ""]) => path).sort();
}
