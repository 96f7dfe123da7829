import { z } from "zod";
import { NAMES, nameSchema } from "./names";

/** Trees whose secrets several applications read, each only what it names. */
export const SHARED_TREES: readonly string[] = ["shared", "infrastructure"];

/** The path of a secret below the KV v2 mount, such as `shared/dns`. */
export const vaultPathSchema: z.ZodType<string> = nameSchema(
  NAMES.vaultPath,
  "a path below the mount in Vault, such as shared/dns",
);

/** An application's own subtree in Vault. */
export const serviceSchema: z.ZodType<string> = nameSchema(
  NAMES.vaultSegment,
  "the application's subtree in Vault",
).refine((name) => !SHARED_TREES.includes(name), {
  error: `another name: ${SHARED_TREES.join("/ and ")}/ are for what several applications read`,
});

/** Whether a path is one below a tree, and not the tree itself. */
export function isBelow(path: string, tree: string): boolean {
  return path.startsWith(`${tree}/`);
}

/** Whether several applications may read a path, each that names it. */
export function isShared(path: string): boolean {
  return SHARED_TREES.some((tree) => isBelow(path, tree));
}
