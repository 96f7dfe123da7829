import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { inside } from "./namespace";
import type { ProcessIdentity } from "./processes";

/**
 * Waits until a server inside a node answers.
 *
 * @param url `http:` or `https:`, answered by status 200; or `unix:` and the path of a socket.
 * @returns whether it answered within the seconds, and before it was aborted.
 */
export async function untilAnswer(
  init: ProcessIdentity,
  url: string,
  seconds: number,
  signal: AbortSignal,
): Promise<boolean> {
  const program = [process.execPath, join(__dirname, "probe.mjs"), url, String(seconds)];
  const [command, ...commandArguments] = inside(init, program);
  const child = spawn(command, commandArguments, { stdio: ["pipe", "ignore", "ignore"] });
  const stop = (): void => {
    child.stdin.destroy();
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code === 0;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
