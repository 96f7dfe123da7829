import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines } from "../process/run";
import type { Instance } from "./instance";
import { childOf, identify, kill, waitForEnd, type ProcessIdentity } from "./processes";

/** The node's address on its bridge, where its servers listen and pods reach them. */
export const NODE_ADDRESS = "10.244.0.1";

// Folders that init.sh mounts over. They are shared with other instances, so they are never removed.
const MOUNT_POINTS = ["/run/netns", "/run/containerd", "/var/lib/cni", "/var/log/containers"];

const START_TIMEOUT = 15_000;

/** The namespaces of an instance. */
interface Namespace {
  /** `unshare`, outside of them. It ends with the first process, and the first process with it. */
  outside: ProcessIdentity;
  /** Their first process. */
  init: ProcessIdentity;
}

/** File that tells the commands for people which process to follow into the namespaces. */
export function initFile(instance: Instance): string {
  return join(instance.folder, "init.pid");
}

/**
 * The first process of the instance's namespaces; undefined when there are none. It is found by what the process
 * that waits for it was called with, so that none is forgotten when a run was killed before it could take notes.
 */
export async function initProcess(instance: Instance): Promise<ProcessIdentity | undefined> {
  const found = await findNamespace(instance);
  return found?.init;
}

async function findNamespace(instance: Instance): Promise<Namespace | undefined> {
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const command = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    const ours = basename(command[0] ?? "") === "unshare" && command.includes(instance.sockets);
    const outside = ours ? await identify(pid) : undefined;
    const init = outside === undefined ? undefined : await childOf(outside);
    if (outside !== undefined && init !== undefined) return { outside, init };
  }
  return undefined;
}

/**
 * Makes the network, mount and process namespaces of an instance, held by one process that only waits. When that
 * process ends, by whatever means, the kernel ends every other process of the namespaces, and with the last of
 * them go the mounts, the bridge, the pods' own networks and the firewall's rules.
 *
 * @param pause Path of the program that the first process becomes.
 * @param path PATH that has `ip`.
 * @returns the first process, and whether it was started rather than found.
 */
export async function startNamespace(
  instance: Instance,
  pause: string,
  path: string,
): Promise<{ init: ProcessIdentity; started: boolean }> {
  const found = await initProcess(instance);
  if (found !== undefined) return { init: found, started: false };
  for (const folder of [instance.sockets, ...MOUNT_POINTS]) await mkdir(folder, { recursive: true });
  const logFile = join(instance.logs, "init.log");
  const log = openSync(logFile, "w", 0o600);
  const child = spawn(
    "unshare",
    [
      ...["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=KILL", "--propagation=slave"],
      ...["sh", join(__dirname, "init.sh"), pause, instance.sockets],
    ],
    { detached: true, env: { PATH: path }, stdio: ["ignore", log, log] },
  );
  child.unref();
  closeSync(log);
  try {
    const init = await untilPrepared(instance);
    await writeFile(initFile(instance), String(init.pid));
    return { init, started: true };
  } catch (error) {
    const said = lastLines(await readFile(logFile, "utf8"), 10);
    await endNamespace(instance);
    throw new Error(
      `the node's namespaces could not be made: ${said || String(error)}\n` +
        `Its log is ${logFile}. This needs the right to make namespaces and mounts, which a container has only ` +
        "when it is privileged. Without that right, use a cluster that exists: --context NAME",
      { cause: error },
    );
  }
}

/** Waits until the first process has prepared everything and become the pause program. */
async function untilPrepared(instance: Instance): Promise<ProcessIdentity> {
  const deadline = performance.now() + START_TIMEOUT;
  let seen = false;
  for (;;) {
    const init = await initProcess(instance);
    if (init === undefined && seen) throw new Error("preparing the namespaces failed");
    if (init !== undefined) {
      seen = true;
      const name = await readFile(`/proc/${init.pid}/comm`, "utf8").catch(() => "");
      if (name.trim() === "pause") return init;
    }
    if (performance.now() > deadline) throw new Error("preparing the namespaces took too long");
    await sleep(20);
  }
}

/**
 * Ends everything that runs in the instance's namespaces, also processes that people started there.
 *
 * @returns whether there was anything.
 */
export async function endNamespace(instance: Instance): Promise<boolean> {
  const namespace = await findNamespace(instance);
  if (namespace === undefined) return false;
  // Its end is complete only when the kernel has ended every other process of the namespace.
  await kill(namespace.init);
  if (!(await waitForEnd(namespace.outside, 10_000))) await kill(namespace.outside);
  return true;
}

/**
 * A command line that runs a command inside the instance's namespaces.
 *
 * @param init Their first process.
 * @param folder The working directory. Default: the root.
 */
export function inside(
  init: ProcessIdentity,
  command: readonly string[],
  folder?: string,
): [string, ...string[]] {
  const enter: [string, ...string[]] = ["nsenter", `--target=${init.pid}`, "--net", "--mount", "--pid", "--"];
  // Entering a mount namespace leads to its root, so the working directory must be taken again.
  return folder === undefined ? [...enter, ...command] : [...enter, "env", `--chdir=${folder}`, ...command];
}
