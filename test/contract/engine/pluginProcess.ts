import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const CHECKOUT = join(__dirname, "..", "..", "..");

/** A plugin that runs as the engine runs it, and prints its port. */
export interface PluginProcess {
  child: ChildProcess;
  /** Host and port that it serves. */
  address: string;
  /** Ends it as the engine does; resolves with its exit code. */
  stop: () => Promise<number | null>;
}

/**
 * Starts a plugin of this checkout.
 *
 * @param module path inside of the checkout
 * @param engine address of the engine, where there is one
 * @param environment added to this process's own
 */
export async function startPlugin(
  module: string,
  engine?: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<PluginProcess> {
  const words = [join(CHECKOUT, "provider", "typescript.cjs"), join(CHECKOUT, module)];
  const child = spawn(process.execPath, [...words, ...(engine === undefined ? [] : [engine])], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    child,
    address: `127.0.0.1:${Number(line)}`,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGINT");
        await once(child, "exit");
      }
      return child.exitCode;
    },
  };
}
