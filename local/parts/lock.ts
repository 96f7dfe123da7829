import { spawn } from "node:child_process";
import { once } from "node:events";
import { lastLines } from "../process/run";

// The kernel gives the lock back when the holder ends, however that happens: no lock is ever left behind.
const HOLDER = `
import fcntl, sys
with open(sys.argv[1], "a") as file:
    fcntl.flock(file, fcntl.LOCK_EX)
    print("locked", flush=True)
    sys.stdin.read()
`;

/**
 * Runs work while no other process runs work under the same lock. Waits for as long as the other one takes.
 *
 * @param file Path of the lock, made when it is missing and left where it is.
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  // Node has no flock(2). The holder ends with this process too, because its standard input closes.
  const holder = spawn("python3", ["-c", HOLDER, file], { stdio: ["pipe", "pipe", "pipe"] });
  const complaint: Buffer[] = [];
  holder.stderr.on("data", (chunk: Buffer) => complaint.push(chunk));
  // Writing to a holder that is gone is no mistake: it has told why.
  holder.stdin.on("error", () => undefined);
  const ended = once(holder, "close").then(
    () => lastLines(Buffer.concat(complaint).toString(), 1),
    (error: unknown) => `python3 cannot be run (${String(error)}); install Python 3`,
  );
  const refused = ended.then((reason): never => {
    throw new Error(`the lock ${file} could not be taken: ${reason}`);
  });
  try {
    await Promise.race([once(holder.stdout, "data"), refused]);
    refused.catch(() => undefined);
    return await work();
  } finally {
    holder.stdin.end();
    await ended;
  }
}
