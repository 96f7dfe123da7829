import type { PartName } from "./part";

/** The environment variable that names a part of the machine: an executable, or a folder of several. */
export function environmentVariable(name: PartName): string {
  return `SECRETS_PLATFORM_${name.toUpperCase().replaceAll("-", "_")}`;
}
