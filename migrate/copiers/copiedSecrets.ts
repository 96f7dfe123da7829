/** Puts together what contents and what Jobs tell: which Secrets are copied, and where they are. Pure. */
import { FoundSecret, Inventory } from "../inventory/inventory";
import { CopierJob } from "./copierJobs";
import { duplicateSecrets } from "./duplicateSecrets";

/** A Secret in one namespace. */
export interface SecretCopy {
  readonly namespace: string;
  readonly name: string;
  /** Type of the Secret; `Opaque` when the Secret was not seen. */
  readonly type: string;
  /** Its keys, sorted. Empty: it was not seen, or has none. */
  readonly keys: readonly string[];
  /** Whether others have the same content. `not seen`: only a Job's text names it. */
  readonly content: "the same" | "different" | "not seen";
  /** Whether an ExternalSecret or a VaultStaticSecret makes it. */
  readonly isSynchronized: boolean;
}

/** A Secret that is in several namespaces. */
export interface CopiedSecret {
  /** The name that most of its copies have. */
  readonly name: string;
  /** Where it belongs in Vault, below the mount; every copied Secret has its own. */
  readonly path: string;
  /** By namespace and name. */
  readonly copies: readonly SecretCopy[];
}

/** The copied Secrets, by name. */
export function copiedSecrets(inventory: Inventory, copiers: readonly CopierJob[]): CopiedSecret[] {
  const found = new Map(inventory.secrets.map((secret) => [placeOf(secret), secret]));
  const groups = duplicateSecrets(inventory.secrets).map(
    (group) => new Map(group.map((secret) => [placeOf(secret), copyOf(secret, "the same")])),
  );
  for (const { secret, namespaces } of namedCopies(copiers)) {
    const places = namespaces.map((namespace) => ({ namespace, name: secret }));
    const known = groups.find((group) => places.some((place) => group.has(placeOf(place))));
    const group = known ?? new Map<string, SecretCopy>();
    for (const place of places) {
      if (group.has(placeOf(place))) continue;
      const seen = found.get(placeOf(place));
      const made = inventory.synchronized.has(placeOf(place));
      group.set(
        placeOf(place),
        seen ? copyOf(seen, "different") : { ...place, ...UNSEEN, isSynchronized: made },
      );
    }
    const isCopied = group.size > 1 && [...group.values()].some(({ isSynchronized }) => !isSynchronized);
    if (known === undefined && isCopied) groups.push(group);
  }
  return withPaths(groups.map((group) => [...group.values()].sort(byPlace)).sort(byFirstName));
}

const UNSEEN = { type: "Opaque", keys: [], content: "not seen" } as const;

function copyOf(
  { namespace, name, type, values, isSynchronized }: FoundSecret,
  content: SecretCopy["content"],
): SecretCopy {
  return { namespace, name, type, keys: [...values.keys()].sort(), content, isSynchronized };
}

/** Secrets and namespaces that a Job's text names; what it leaves to variables is unknown. */
function namedCopies(copiers: readonly CopierJob[]): { secret: string; namespaces: string[] }[] {
  return copiers
    .flatMap(({ steps }) => steps)
    .flatMap(({ secrets, from, to }) => {
      const namespaces = [...new Set([...from, ...to])].filter(isName);
      return secrets.filter(isName).map((secret) => ({ secret, namespaces }));
    })
    .filter(({ namespaces }) => namespaces.length > 1);
}

function isName(text: string): boolean {
  return /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(text);
}

function withPaths(groups: readonly SecretCopy[][]): CopiedSecret[] {
  const taken = new Set<string>();
  return groups.map((copies) => {
    const name = commonName(copies);
    const candidates = [name, ...copies.map(({ namespace }) => `${name}-${namespace}`)];
    const free = candidates.find((candidate) => !taken.has(candidate)) ?? `${name}-${taken.size}`;
    taken.add(free);
    return { name, path: `shared/${free}`, copies };
  });
}

function commonName(copies: readonly SecretCopy[]): string {
  const counts = new Map<string, number>();
  for (const { name } of copies) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? "";
}

function placeOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

function byPlace(one: SecretCopy, other: SecretCopy): number {
  return placeOf(one) < placeOf(other) ? -1 : 1;
}

function byFirstName(one: readonly SecretCopy[], other: readonly SecretCopy[]): number {
  return (
    commonName(one).localeCompare(commonName(other)) ||
    (placeOf(one[0] ?? NOWHERE) < placeOf(other[0] ?? NOWHERE) ? -1 : 1)
  );
}

const NOWHERE = { namespace: "", name: "" };
