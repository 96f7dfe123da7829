import { existsSync } from "node:fs";
import { join } from "node:path";

const CHECKOUT = join(__dirname, "..", "..");

/**
 * A script that runs a TypeScript module of this checkout, with the Node that the project pins where it is
 * installed. Everything in it is absolute: the engine runs it from any folder.
 *
 * @param module path inside of the checkout
 */
export function launcher(module: string): string {
  const pinned = join(CHECKOUT, "node_modules", ".bin", "node");
  const node = existsSync(pinned) ? pinned : process.execPath;
  const command = [node, join(CHECKOUT, "provider", "typescript.cjs"), join(CHECKOUT, module)];
  return `#!/bin/sh\nexec ${command.map(quoted).join(" ")} "$@"\n`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
