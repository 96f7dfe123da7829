import { createHash } from "node:crypto";

/** Changes with any part, such as a manifest or the object in the cluster. No value may be among the parts. */
export function revision(parts: object): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(parts)))
    .digest("hex")
    .slice(0, 16);
}

/** The same value with the keys of every object in order: their order means nothing to Kubernetes. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
