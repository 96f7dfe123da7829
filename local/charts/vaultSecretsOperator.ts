import { cp } from "node:fs/promises";
import { join } from "node:path";
import { cached } from "../parts/cache";
import { moduleFolder } from "../parts/go";

const MODULE = "github.com/hashicorp/vault-secrets-operator";

/**
 * The Helm chart of Vault Secrets Operator, copied into the cache: Go's modules are read-only, and may be cleared.
 *
 * @param version Version of the operator, without `v`.
 * @returns The chart's folder.
 */
export async function vaultSecretsOperatorChart(version: string): Promise<string> {
  const { folder } = await cached("charts", `vault-secrets-operator-${version}`, async (temporary) => {
    await cp(join(await moduleFolder("vault-secrets-operator", MODULE), "chart"), temporary, {
      recursive: true,
    });
  });
  return folder;
}
