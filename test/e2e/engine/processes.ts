import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** How long processes get to end, in milliseconds. */
const PATIENCE_MILLISECONDS = 15_000;

/** The processes that a process has started, and theirs, by their ids (proc(5)). */
export function childrenOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined;
    if (parent !== undefined) {
      parents.set(Number(name), parent);
    }
  }
  const below = (ancestor: number): number[] =>
    [...parents].filter(([, parent]) => parent === ancestor).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

/** Waits until processes are gone. @throws Error naming those that are not */
export async function waitUntilGone(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const left = pids.filter((pid) => parentOf(pid) !== undefined);
    if (left.length === 0) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`processes still run: ${left.join(", ")}`);
    }
    await sleep(100);
  }
}

/** The parent of a process that runs; undefined when it is gone, or a zombie. */
function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command's name is in parentheses, and may hold anything.
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}
