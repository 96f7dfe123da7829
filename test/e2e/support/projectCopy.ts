import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { CHECKOUT } from "../../../local/node/instance";

const LEFT_OUT = new Set(["node_modules", ".git", "bin"]);

let copy: string | undefined;

/**
 * A copy of the project for the tests' stacks: creating a stack writes its file beside Pulumi.yaml, and the checkout
 * stays as it is. One for all tests, removed when the process ends.
 */
export function projectCopy(): string {
  return (copy ??= makeCopy());
}

function makeCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "project-"));
  process.once("exit", () => {
    rmSync(folder, { recursive: true });
  });
  cpSync(CHECKOUT, folder, { recursive: true, filter: (source) => !LEFT_OUT.has(basename(source)) });
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
