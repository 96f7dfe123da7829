import { constants } from "node:fs";
import { access, copyFile, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { cached, cacheFolder } from "../parts/cache";
import { lastLines, run } from "../process/run";
import { isScript } from "./script";

/** A resource plugin as its vendor publishes it. */
export interface PluginName {
  name: string;
  version: string;
  /** Where it is downloaded from, as the npm package's `pulumi.server` says. Default: Pulumi's own host. */
  server?: string;
}

/** How long a download may take, in milliseconds. Without a way to the host, the CLI gives up within 15 seconds. */
const DOWNLOAD_MILLISECONDS = 60_000;

/** How long a download that failed is not tried again, in milliseconds. */
const FORGET_FAILURE_MILLISECONDS = 24 * 3600_000;

/** Folder of a plugin inside of a Pulumi home. */
export function pluginFolder(home: string, { name, version }: PluginName): string {
  return join(home, "plugins", `resource-${name}-v${version}`);
}

/** File name of a plugin's executable. */
export function pluginExecutable({ name }: PluginName): string {
  return `pulumi-resource-${name}`;
}

/**
 * Finds the vendor's own plugin: in the Pulumi home of this user, in the cache, or by `pulumi plugin install`. A
 * download that failed is tried again after a day.
 *
 * @param pulumi path of the CLI
 * @param home the Pulumi home that is being laid out, which is not the user's own
 * @param log shown while it takes time
 * @returns the executable's path; undefined when it cannot be had
 */
export async function vendorPlugin(
  plugin: PluginName,
  pulumi: string,
  home: string,
  log: (line: string) => void,
): Promise<string | undefined> {
  const installed = await installedPlugin(plugin, home);
  if (installed !== undefined) {
    return installed;
  }
  const failure = join(cacheFolder(), "plugins", `${plugin.name}-${plugin.version}.unavailable`);
  if (await isRecent(failure)) {
    return undefined;
  }
  try {
    const { folder } = await cached("plugins", `${plugin.name}-${plugin.version}`, async (temporary) => {
      log(`looking for the vendor's plugin ${plugin.name} ${plugin.version}`);
      await download(plugin, pulumi, temporary);
    });
    return join(folder, pluginExecutable(plugin));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log(`the vendor's plugin ${plugin.name} ${plugin.version} cannot be had; delete ${failure} to try again`);
    await mkdir(dirname(failure), { recursive: true });
    await writeFile(failure, `${reason}\n`);
    return undefined;
  }
}

async function installedPlugin(plugin: PluginName, home: string): Promise<string | undefined> {
  const own = process.env["PULUMI_HOME"];
  const homes = [own, join(homedir(), ".pulumi")].filter((folder) => folder !== undefined && folder !== home);
  for (const folder of homes) {
    const executable = join(pluginFolder(folder ?? "", plugin), pluginExecutable(plugin));
    const partial = `${pluginFolder(folder ?? "", plugin)}.partial`;
    if ((await isExecutable(executable)) && !(await isScript(executable)) && !(await exists(partial))) {
      return executable;
    }
  }
  return undefined;
}

async function download(plugin: PluginName, pulumi: string, folder: string): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "secrets-platform-plugin-"));
  try {
    const { name, version, server } = plugin;
    const words = ["plugin", "install", "resource", name, version, ...(server ? ["--server", server] : [])];
    const environment = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { code, stderr } = await run(pulumi, words, { environment, timeout: DOWNLOAD_MILLISECONDS });
    if (code !== 0) {
      throw new Error(lastLines(stderr, 5));
    }
    const executable = pluginExecutable(plugin);
    await copyFile(join(pluginFolder(home, plugin), executable), join(folder, executable));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function isRecent(file: string): Promise<boolean> {
  const written = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - written < FORGET_FAILURE_MILLISECONDS;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
