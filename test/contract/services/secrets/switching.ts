/** A process that switches a mounted Secret without a pause. Argument: its folder, which is not there yet. */
import { MountedSecret } from "../../../support/mountedSecret";

/** Keys of each generation. */
export const GENERATION_KEYS = 40;
const SWITCHES = 400;

/** Files that all have the same content. */
export function generationOf(version: number): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: GENERATION_KEYS }, (_, index) => [`KEY_${index}`, String(version)]),
  );
}

if (require.main === module) {
  const mounted = new MountedSecret(process.argv[2] ?? "", generationOf(0));
  for (let version = 1; version <= SWITCHES; version++) mounted.switch(generationOf(version));
}
