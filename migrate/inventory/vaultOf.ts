import { readFileSync } from "node:fs";
import { VaultClient } from "../../clients/vault";

/**
 * The Vault that variables name as Vault's own CLI reads them; undefined when they name none.
 *
 * @throws Error when the certificate that they name cannot be read
 */
export function vaultOf(environment: NodeJS.ProcessEnv): VaultClient | undefined {
  const { VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE, VAULT_CACERT } = environment;
  if (!VAULT_ADDR || !VAULT_TOKEN) return undefined;
  // A certificate that nothing would be compared with need not be there.
  const authority = /^https:/i.test(VAULT_ADDR) ? VAULT_CACERT : undefined;
  return new VaultClient({
    address: VAULT_ADDR.replace(/\/+$/, ""),
    token: VAULT_TOKEN,
    ...(VAULT_NAMESPACE ? { namespace: VAULT_NAMESPACE } : {}),
    ...(authority ? { caCertificate: readFileSync(authority, "utf8") } : {}),
  });
}
