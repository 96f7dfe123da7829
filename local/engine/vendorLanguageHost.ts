import { realpath } from "node:fs/promises";
import { delimiter, dirname } from "node:path";

import { run } from "../process/run";
import { findExecutable } from "./language/executable";
import { isScript } from "./script";

/** How long a CLI may take to say its version, in milliseconds. */
const VERSION_MILLISECONDS = 20_000;

/** A language host that came with a CLI. */
export interface VendorLanguageHost {
  path: string;
  version: string;
}

/**
 * Finds the language host that the vendor's CLI brings along: beside the CLI that is used, or beside another one on
 * PATH of the same version.
 *
 * @param pulumi the CLI that is used
 * @param bin the folder that is being laid out, which is not looked into
 */
export async function languageHostOfVendor(
  pulumi: string,
  bin: string,
): Promise<VendorLanguageHost | undefined> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== bin);
  const other = findExecutable("pulumi", folders);
  const candidates = new Set([pulumi, ...(other === undefined ? [] : [await realpath(other)])]);
  for (const cli of candidates) {
    const path = findExecutable("pulumi-language-nodejs", [dirname(cli)]);
    if (path === undefined || (await isScript(path))) {
      continue;
    }
    const version = await versionOf(cli);
    if (version !== undefined && (cli === pulumi || version === (await versionOf(pulumi)))) {
      return { path, version };
    }
  }
  return undefined;
}

async function versionOf(cli: string): Promise<string | undefined> {
  const { stdout } = await run(cli, ["version"], { timeout: VERSION_MILLISECONDS });
  return /^v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
}
