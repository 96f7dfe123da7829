import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "../node/instance";
import { initFile } from "../node/namespace";
import { temporaryFolder } from "../stack/environment";
import { quoted } from "./quoting";

/**
 * Writes small commands that enter the node first and keep the working directory, so that people use the platform
 * from their own shell.
 *
 * @param folders Folders of the tools, which come first on PATH inside.
 */
export async function writePersonCommands(instance: Instance, folders: readonly string[]): Promise<void> {
  await mkdir(instance.commands, { recursive: true });
  for (const name of ["pulumi", "kubectl", "doppler", "bao"]) {
    const file = join(instance.commands, name);
    await writeFile(file, script(instance, name, folders));
    await chmod(file, 0o755);
  }
}

function script(instance: Instance, name: string, folders: readonly string[]): string {
  return `#!/bin/sh
# Runs ${name} inside the embedded platform ${instance.name}.
init=$(cat ${quoted(initFile(instance))} 2>/dev/null)
if [ "$(cat "/proc/$init/comm" 2>/dev/null)" != pause ]; then
  echo "the embedded platform ${instance.name} is not running; start it: npm run local" >&2
  exit 1
fi
PATH=${quoted(folders.join(":"))}:$PATH
TMPDIR=${quoted(temporaryFolder(instance.pulumiHome))}
export PATH TMPDIR
exec nsenter --target="$init" --net --mount --pid -- env --chdir="$PWD" ${name} "$@"
`;
}
