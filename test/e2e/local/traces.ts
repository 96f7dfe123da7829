import { readdir, readFile, readlink } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { Instance } from "../../../local/node/instance";
import { initProcess } from "../../../local/node/namespace";

const KINDS = ["net", "mnt", "pid"] as const;

/** The namespaces of an instance, as the kernel names them. */
export async function namespacesOf(instance: Instance): Promise<string[]> {
  const init = await initProcess(instance);
  if (init === undefined) throw new Error(`${instance.name} is not running`);
  return Promise.all(KINDS.map((kind) => readlink(`/proc/${init.pid}/ns/${kind}`)));
}

/** Everything on the machine that belongs to an instance: processes, mounts, control groups, network interfaces. */
export async function tracesOf(instance: Instance, namespaces: readonly string[]): Promise<string[]> {
  const found = await Promise.all([
    processes(instance, namespaces),
    mounts(instance),
    controlGroups(instance),
    namedNetworks(),
  ]);
  return [...found.flat(), ...interfaces()];
}

async function processes(instance: Instance, namespaces: readonly string[]): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const command = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
      const own = await Promise.all(KINDS.map((kind) => readlink(`/proc/${pid}/ns/${kind}`).catch(() => "")));
      const belongs = own.some((name) => namespaces.includes(name)) || command.includes(`/${instance.name}/`);
      return belongs ? [`process ${pid}: ${command}`] : [];
    }),
  );
  return found.flat();
}

async function mounts(instance: Instance): Promise<string[]> {
  const lines = (await readFile("/proc/self/mounts", "utf8")).split("\n");
  return lines.filter((line) => line.includes(instance.name)).map((line) => `mount ${line}`);
}

async function controlGroups(instance: Instance): Promise<string[]> {
  const root = "/sys/fs/cgroup";
  const folders = [root, ...(await readdir(root)).map((name) => join(root, name))];
  const entries = await Promise.all(
    folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => join(folder, name))),
  );
  return entries
    .flat()
    .filter((path) => path.endsWith(instance.cgroup))
    .map((path) => `control group ${path}`);
}

function interfaces(): string[] {
  return Object.keys(networkInterfaces())
    .filter((name) => name.startsWith("cni") || name.startsWith("veth"))
    .map((name) => `interface ${name}`);
}

async function namedNetworks(): Promise<string[]> {
  const names = await readdir("/run/netns").catch(() => []);
  return names.filter((name) => name.startsWith("cni-")).map((name) => `network namespace ${name}`);
}
