import { mkdir, readdir, readFile, rmdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = "/sys/fs/cgroup";
const CONTROLLERS = ["cpu", "cpuset", "memory", "pids", "io", "hugetlb"];

/** The roots of all hierarchies of control groups: one with version 2, one per controller with version 1. */
async function hierarchies(): Promise<string[]> {
  if (await exists(join(ROOT, "cgroup.controllers"))) return [ROOT];
  const entries = await readdir(ROOT, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(ROOT, entry.name));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Makes the control group of an instance in every hierarchy, so that the kubelet finds it there. */
export async function makeCgroups(path: string): Promise<void> {
  for (const root of await hierarchies()) {
    const group = join(root, path);
    await mkdir(group, { recursive: true });
    // In version 1 a group of this controller takes no process before it is told its processors and memory.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      if (await exists(join(root, file)))
        await writeFile(join(group, file), await readFile(join(root, file)));
    }
    if (root === ROOT) await delegateControllers(root, group);
  }
}

/** In version 2 a group passes its controllers on only when it is told to. */
async function delegateControllers(root: string, group: string): Promise<void> {
  for (const folder of [root, group]) {
    const available = (await readFile(join(folder, "cgroup.controllers"), "utf8")).trim().split(" ");
    const wanted = CONTROLLERS.filter((name) => available.includes(name)).map((name) => `+${name}`);
    await writeFile(join(folder, "cgroup.subtree_control"), wanted.join(" "));
  }
}

/**
 * Removes the control group of an instance from every hierarchy, with all that is below. Its processes must have
 * ended; the kernel may take a moment to notice.
 *
 * @returns how many groups were removed.
 */
export async function removeCgroups(path: string): Promise<number> {
  let removed = 0;
  for (const root of await hierarchies()) removed += await removeTree(join(root, path));
  return removed;
}

async function removeTree(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return 0;
  let removed = 1;
  for (const entry of entries) {
    if (entry.isDirectory()) removed += await removeTree(join(folder, entry.name));
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rmdir(folder);
      return removed;
    } catch (error) {
      if (attempt === 50) throw error;
      await sleep(100);
    }
  }
}
