import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A process, told apart from any later one that the kernel gives the same id: by its time of start, in clock ticks
 * since the machine's, and the boot that those ticks count from.
 */
export interface ProcessIdentity {
  pid: number;
  startTicks: number;
  boot: string;
}

interface ProcessStat {
  state: string;
  parent: number;
  startTicks: number;
}

async function bootIdentifier(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}

/** The fields of proc_pid_stat(5) that matter here; undefined when there is no such process. */
async function statOf(pid: number): Promise<ProcessStat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  // The second field is the command's name in parentheses, and may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]), startTicks: Number(fields[19]) };
}

/** The identity of a process that is running now. Undefined when it is not. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const found = await statOf(pid);
  if (found === undefined || found.state === "Z") return undefined;
  return { pid, startTicks: found.startTicks, boot: await bootIdentifier() };
}

/** Whether exactly this process is still running. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now !== undefined && now.startTicks === identity.startTicks && now.boot === identity.boot;
}

/** Waits until a process has ended. @returns whether it has, within the time. */
export async function waitForEnd(identity: ProcessIdentity, milliseconds: number): Promise<boolean> {
  const deadline = performance.now() + milliseconds;
  while (await isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(50);
  }
  return true;
}

/**
 * Ends a process: asks it first, then kills it. Does nothing when another process has taken its id.
 *
 * @param patience Milliseconds between the two.
 * @throws when it is still there five seconds after it was killed.
 */
export async function end(identity: ProcessIdentity, patience: number): Promise<void> {
  if (!(await isRunning(identity))) return;
  signal(identity.pid, "SIGTERM");
  if (await waitForEnd(identity, patience)) return;
  await kill(identity);
}

/** Kills a process at once. Throws when it is still there ten seconds later. */
export async function kill(identity: ProcessIdentity): Promise<void> {
  if (!(await isRunning(identity))) return;
  signal(identity.pid, "SIGKILL");
  if (!(await waitForEnd(identity, 10_000))) {
    throw new Error(
      `process ${identity.pid} does not end, although it was killed: look at /proc/${identity.pid}`,
    );
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime, which is what was wanted.
  }
}

/** The first child of a process; undefined when it has none, or none yet. */
export async function childOf(parent: ProcessIdentity): Promise<ProcessIdentity | undefined> {
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || (await statOf(pid))?.parent !== parent.pid) continue;
    const child = await identify(pid);
    if (child !== undefined) return child;
  }
  return undefined;
}

/** Waits for the first child of a process. Throws when the process ends without one. */
export async function waitForChild(parent: ProcessIdentity, milliseconds: number): Promise<ProcessIdentity> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const running = await isRunning(parent);
    const child = await childOf(parent);
    if (child !== undefined) return child;
    if (!running) throw new Error("it ended before it could be noticed");
    if (performance.now() > deadline) throw new Error(`process ${parent.pid} has started nothing`);
    await sleep(20);
  }
}
