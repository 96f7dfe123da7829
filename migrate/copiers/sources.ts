/** Reads what is looked at: a cluster or manifests, scripts, and Vault's policies. Nothing is changed anywhere. */
import { readFileSync } from "node:fs";
import { KubernetesClient } from "../../clients/kubernetes";
import { VaultClient } from "../../clients/vault";
import { fileFailure } from "../../config/textFile";
import { readCluster } from "../inventory/clusterObjects";
import { inventoryOf } from "../inventory/inventory";
import { readManifests } from "../inventory/manifests";
import { TextFile, textFiles } from "../inventory/textFiles";
import { Sources } from "./findings";

/** Objects of a cluster. @throws KubeconfigError, ClusterUnreachable, KubernetesError */
export async function clusterSource(context: string, kubeconfig: string | undefined): Promise<Sources> {
  const cluster = await KubernetesClient.load({ context, kubeconfig });
  return { inventory: inventoryOf(await readCluster(cluster)), unread: [] };
}

/** Objects of manifests. @throws Error when the folder cannot be read */
export function manifestSource(folder: string): Sources {
  const { objects, unread } = readManifests(filesIn(folder, "--manifests"));
  return { inventory: inventoryOf(objects), unread };
}

/** Scripts; undefined without a folder. @throws Error when a folder cannot be read */
export function scriptSource(folders: readonly string[]): readonly TextFile[] | undefined {
  return folders.length === 0 ? undefined : folders.flatMap((folder) => filesIn(folder, "--scripts"));
}

/**
 * Every policy of the Vault that the environment names as Vault's own CLI reads it, name -> text; undefined when it
 * names none.
 * @throws VaultError, VaultUnreachable
 */
export async function policySource(
  environment: NodeJS.ProcessEnv,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE, VAULT_CACERT } = environment;
  if (!VAULT_ADDR || !VAULT_TOKEN) return undefined;
  // A certificate that nothing would be compared with need not be there.
  const authority = /^https:/i.test(VAULT_ADDR) ? VAULT_CACERT : undefined;
  const vault = new VaultClient({
    address: VAULT_ADDR.replace(/\/+$/, ""),
    token: VAULT_TOKEN,
    ...(VAULT_NAMESPACE ? { namespace: VAULT_NAMESPACE } : {}),
    ...(authority ? { caCertificate: readFileSync(authority, "utf8") } : {}),
  });
  const policies = new Map<string, string>();
  // `root` has no text.
  for (const name of await vault.policies()) policies.set(name, (await vault.policy(name)) ?? "");
  return policies;
}

function filesIn(folder: string, option: string): TextFile[] {
  try {
    return textFiles(folder);
  } catch (error) {
    throw new Error(
      `${option} ${folder}: cannot be read (${fileFailure(error)}); name a folder whose files can be`,
      { cause: error },
    );
  }
}
