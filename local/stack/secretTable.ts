import { join } from "node:path";
import { CHECKOUT } from "../node/instance";

/** A command that shows every Secret of a stack, where it came from and whether it is in sync. */
export function secretTableCommand(stack: string, json: boolean): [string, ...string[]] {
  const runner = join(CHECKOUT, "provider", "typescript.cjs");
  const status = join(CHECKOUT, "cli", "status.ts");
  return [process.execPath, runner, status, "--stack", stack, ...(json ? ["--json"] : [])];
}
