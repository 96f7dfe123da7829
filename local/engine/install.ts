import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { version as sdkVersion } from "@pulumi/pulumi/version";

import { languageHostOfVendor } from "./vendorLanguageHost";
import { launcher } from "./launcher";
import { placeFile, placeLink, placeScript } from "./placement";
import { dopplerProvider } from "./providers/doppler/definition";
import { randomProvider } from "./providers/random/definition";
import { vaultProvider } from "./providers/vault/definition";
import { pluginExecutable, pluginFolder, vendorPlugin, type PluginName } from "./vendorPlugin";

/** What to lay out, and where. */
export interface EngineOptions {
  /** Path of the Pulumi CLI. */
  pulumi: string;
  /** Path of the Kubernetes provider that was built, or found. Default: none is laid out. */
  kubernetesProvider?: string;
  /** Becomes PULUMI_HOME: plugins, workspaces, credentials. */
  home: string;
  /** Becomes the first folder on PATH. */
  bin: string;
  /** Whether the vendors' plugins and language host are looked for. Default: true. */
  vendorPlugins?: boolean;
  /** Takes lines for people while it takes time. Default: none are shown. */
  log?: (line: string) => void;
}

/** A part of the engine, and who made the one that is in use. */
export interface EnginePart {
  name: "nodejs" | "kubernetes" | "doppler" | "random" | "vault";
  kind: "language" | "resource";
  version: string;
  /** `vendor`: as the vendor publishes it. `built`: from the vendor's source. `embedded`: this project's own. */
  source: "vendor" | "built" | "embedded";
  path: string;
}

/** The version of the Kubernetes provider: that of the npm package `@pulumi/kubernetes`. */
const KUBERNETES: PluginName = { name: "kubernetes", version: "4.25.0" };

/** Providers that this project has stand-ins for, at the versions of their npm packages. */
const EMBEDDED = [
  {
    name: "doppler",
    plugin: { ...versionOf(dopplerProvider), server: "github://api.github.com/pulumiverse" },
    module: "local/engine/providers/doppler/main.ts",
  },
  {
    name: "random",
    plugin: versionOf(randomProvider),
    module: "local/engine/providers/random/main.ts",
  },
  {
    name: "vault",
    plugin: versionOf(vaultProvider),
    module: "local/engine/providers/vault/main.ts",
  },
] as const;

function versionOf({ name, version }: PluginName): PluginName {
  return { name, version };
}

/**
 * Lays out an engine: the CLI with a language host for Node beside it, and a Pulumi home with the providers that the
 * stack uses. What the vendors publish is preferred wherever it can be had. Running it again changes nothing that is
 * as it should be.
 *
 * @returns the parts that are in use
 * @throws Error when a file cannot be written, or the CLI or the Kubernetes provider is not where it should be
 */
export async function installEngine(options: EngineOptions): Promise<EnginePart[]> {
  const host = await installLanguageHost(options);
  const providers = await Promise.all(EMBEDDED.map((provider) => installProvider(options, provider)));
  const { kubernetesProvider, home } = options;
  return kubernetesProvider === undefined
    ? [host, ...providers]
    : [host, await installKubernetesProvider(kubernetesProvider, home), ...providers];
}

async function installLanguageHost({
  pulumi,
  bin,
  vendorPlugins = true,
}: EngineOptions): Promise<EnginePart> {
  const executable = await realpath(pulumi);
  // The file itself: the CLI looks for language hosts in the folder that its own link leads to.
  await placeFile(join(bin, "pulumi"), executable);
  const path = join(bin, "pulumi-language-nodejs");
  const vendors = vendorPlugins ? await languageHostOfVendor(executable, bin) : undefined;
  if (vendors) {
    await placeLink(path, vendors.path);
    return { name: "nodejs", kind: "language", version: vendors.version, source: "vendor", path };
  }
  await placeScript(path, launcher("local/engine/language/main.ts"));
  return { name: "nodejs", kind: "language", version: sdkVersion, source: "embedded", path };
}

async function installKubernetesProvider(provider: string, home: string): Promise<EnginePart> {
  const target = await realpath(provider);
  const path = join(pluginFolder(home, KUBERNETES), pluginExecutable(KUBERNETES));
  await placeLink(path, target);
  const { version } = KUBERNETES;
  // A provider that was installed by a CLI lies in the plugin folder of its home.
  const source = basename(dirname(target)) === basename(dirname(path)) ? "vendor" : "built";
  return { name: "kubernetes", kind: "resource", version, source, path };
}

async function installProvider(
  { pulumi, home, vendorPlugins = true, log = () => undefined }: EngineOptions,
  { name, plugin, module }: (typeof EMBEDDED)[number],
): Promise<EnginePart> {
  const path = join(pluginFolder(home, plugin), pluginExecutable(plugin));
  const { version } = plugin;
  const vendors = vendorPlugins ? await vendorPlugin(plugin, pulumi, home, log) : undefined;
  if (vendors !== undefined) {
    await placeLink(path, vendors);
    return { name, kind: "resource", version, source: "vendor", path };
  }
  await placeScript(path, launcher(module));
  return { name, kind: "resource", version, source: "embedded", path };
}
