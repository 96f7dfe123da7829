import { credentialFile } from "../node/credentials";
import type { Platform } from "../platform";
import { plainVariables } from "../stack/environment";
import { quoted } from "./quoting";

/**
 * Lines for a POSIX shell that make the person's own commands work on the embedded platform. Credentials are read
 * from their files by the shell: nothing secret is printed.
 */
export async function shellLines(platform: Platform): Promise<string[]> {
  const { instance } = platform.node;
  if (!(await platform.node.isRunning())) {
    throw new Error(`the embedded platform ${instance.name} is not running. Start it: npm run local`);
  }
  const variables = Object.entries(plainVariables(await platform.environmentOptions()));
  const fromFile = (name: "openbao" | "doppler"): string =>
    `"$(cat ${quoted(credentialFile(instance, name))})"`;
  return [
    ...variables.map(([name, value]) => `export ${name}=${quoted(value)}`),
    `export DOPPLER_TOKEN=${fromFile("doppler")}`,
    `export VAULT_TOKEN=${fromFile("openbao")}`,
    `export BAO_TOKEN=${fromFile("openbao")}`,
    "unset PULUMI_CONFIG_PASSPHRASE",
    `export PATH=${quoted(instance.commands)}:"$PATH"`,
  ];
}
