import { access, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { runOrThrow } from "../process/run";
import { withLock } from "./lock";
import { environmentVariable } from "./environment";
import type { DebianRecipe, Part } from "./part";

const NONINTERACTIVE = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };

/** Name and release of this machine's distribution, such as `debian-12`, from os-release(5). */
export async function distribution(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const field = (name: string): string =>
    new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "unknown";
  return `${field("ID")}-${field("VERSION_ID")}`;
}

/**
 * Unpacks the executables of a Debian package without installing it: the machine stays as it is, and no service
 * of the package starts beside ours.
 *
 * @param folder Where the executables go.
 */
export async function unpackDebianPackage(part: Part, recipe: DebianRecipe, folder: string): Promise<void> {
  await requireDebian(part);
  const scratch = await mkdtemp(join(tmpdir(), "secrets-platform-debian-"));
  try {
    const download = (): Promise<string> =>
      runOrThrow("apt-get", ["download", "--quiet", recipe.package], { cwd: scratch });
    await withPackageLists(download);
    const archive = (await readdir(scratch)).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error(`apt-get downloaded no package ${recipe.package}`);
    const unpacked = join(scratch, "unpacked");
    await runOrThrow("dpkg-deb", ["--extract", join(scratch, archive), unpacked]);
    await cp(join(unpacked, recipe.folder ?? ""), folder, { recursive: true });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Installs a Debian package. */
export async function installDebianPackage(part: Part, recipe: DebianRecipe): Promise<void> {
  await requireDebian(part);
  if (process.getuid?.() !== 0) {
    throw new Error(`${part.name} is missing. Install it: sudo apt-get install ${recipe.package}`);
  }
  // dpkg lets only one process install at a time, and a second one of ours must wait rather than fail.
  await withLock(join(tmpdir(), "secrets-platform-apt.lock"), () =>
    withPackageLists(() =>
      runOrThrow(
        "apt-get",
        ["install", "--yes", "--quiet", "--no-install-recommends", "--no-upgrade", recipe.package],
        { environment: NONINTERACTIVE },
      ),
    ),
  );
}

/** A fresh machine has no lists of packages, or old ones: when the work fails they are fetched, once. */
async function withPackageLists(work: () => Promise<string>): Promise<void> {
  try {
    await work();
  } catch {
    await (packageLists ??= fetchPackageLists());
    await work();
  }
}

let packageLists: Promise<string> | undefined;

/** One fetch for all parts: apt-get lets only one process fetch lists at a time, and fails for the others. */
function fetchPackageLists(): Promise<string> {
  return withLock(join(tmpdir(), "secrets-platform-apt-lists.lock"), () =>
    runOrThrow("apt-get", ["update", "--quiet"], { environment: NONINTERACTIVE }),
  );
}

async function requireDebian(part: Part): Promise<void> {
  await access("/usr/bin/apt-get").catch(() => {
    throw new Error(
      `${part.name} is missing, and this machine has no apt-get to fetch it with. Install ${part.name} ` +
        `${part.version} or newer so that PATH has ${part.executables.join(", ")}, or set ${environmentVariable(part.name)}.`,
    );
  });
}
