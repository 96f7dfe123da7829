/** Finds Secrets with the same content in several namespaces. Pure, and no value leaves it, nor a digest of one. */
import { createHmac, randomBytes } from "node:crypto";
import { FoundSecret } from "../inventory/inventory";

/**
 * Groups of Secrets with equal content that are in more than one namespace, by what comes first. Groups whose
 * Secrets an operator makes already, all of them, are left out.
 */
export function duplicateSecrets(secrets: readonly FoundSecret[]): FoundSecret[][] {
  // With a key of this run alone, a digest tells nobody which of two guesses was right.
  const key = randomBytes(32);
  const groups = new Map<string, FoundSecret[]>();
  for (const secret of secrets) {
    if (secret.values.size === 0) continue;
    const digest = contentDigest(secret.values, key);
    groups.set(digest, [...(groups.get(digest) ?? []), secret]);
  }
  return [...groups.values()].filter(
    (group) =>
      new Set(group.map(({ namespace }) => namespace)).size > 1 &&
      group.some(({ isSynchronized }) => !isSynchronized),
  );
}

/** Lengths stand before keys and values, so that no two contents are written the same way. */
function contentDigest(values: ReadonlyMap<string, Buffer>, key: Buffer): string {
  const hash = createHmac("sha256", key);
  for (const [name, value] of [...values].sort(([one], [other]) => (one < other ? -1 : 1))) {
    hash.update(`${Buffer.byteLength(name)} ${value.length} ${name}`).update(value);
  }
  return hash.digest("hex");
}
