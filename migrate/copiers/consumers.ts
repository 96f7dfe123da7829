/** Finds who uses the copied Secrets. Pure. */
import { Workload } from "../inventory/inventory";
import { SecretUse } from "../inventory/podSpec";
import { CopiedSecret } from "./copiedSecrets";

/** An object that uses a copied Secret of its namespace. */
export interface Consumer {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly secret: string;
  readonly uses: readonly SecretUse[];
}

/** Who uses the copied Secrets, by namespace, kind and name. */
export function consumersOf(copied: readonly CopiedSecret[], workloads: readonly Workload[]): Consumer[] {
  const places = new Set(
    copied.flatMap(({ copies }) => copies.map(({ namespace, name }) => `${namespace}/${name}`)),
  );
  return workloads
    .flatMap(({ kind, namespace, name, uses }) => {
      const secrets = new Set(uses.map(({ secret }) => secret));
      return [...secrets]
        .filter((secret) => places.has(`${namespace}/${secret}`))
        .map((secret) => ({
          ...{ kind, namespace, name, secret },
          uses: uses.filter((use) => use.secret === secret).map(({ use }) => use),
        }));
    })
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

function keyOf({ kind, namespace, name, secret }: Consumer): string {
  return [namespace, kind, name, secret].join("\n");
}
