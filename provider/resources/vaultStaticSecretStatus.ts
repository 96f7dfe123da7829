/** What Vault Secrets Operator says about a VaultStaticSecret. Source: its API reference, and its events. */
import { KubernetesClient } from "../../clients/kubernetes";
import type { SyncKind, SyncTarget } from "./syncKind";
import { newestWarning } from "./warnings";

/** The part of a VaultStaticSecret that tells about its sync. */
export interface VaultStaticSecretBody {
  spec: {
    mount: string;
    path: string;
    refreshAfter?: string;
    vaultAuthRef?: string;
    destination: { name: string; labels?: Record<string, string> };
  };
  status?: {
    /** The generation that was last synced with success. */
    lastGeneration?: number;
    /** Message authentication code of the values that were last synced. */
    secretMAC?: string;
  };
}

interface VaultAuthBody {
  status?: { valid?: boolean; error?: string };
}

const API = "/apis/secrets.hashicorp.com/v1beta1";

/** Whether the operator has synced the present form of an object. Its status moves only with a success. */
export function isSynced(object: { metadata: { generation?: number } } & VaultStaticSecretBody): boolean {
  const { lastGeneration, secretMAC } = object.status ?? {};
  return lastGeneration === object.metadata.generation && Boolean(secretMAC);
}

async function syncedVersion(cluster: KubernetesClient, target: SyncTarget): Promise<string | undefined> {
  const object = await cluster.get<VaultStaticSecretBody>(vaultStaticSecretPath(target));
  return object && isSynced(object) ? String(object.metadata.generation) : undefined;
}

async function whyNot(cluster: KubernetesClient, target: SyncTarget): Promise<string> {
  const [object, warning] = await Promise.all([
    cluster.get<VaultStaticSecretBody>(vaultStaticSecretPath(target)),
    newestWarning(cluster, "VaultStaticSecret", target),
  ]);
  const subject = `application ${target.application}: VaultStaticSecret ${target.namespace}/${target.name} (path ${target.store})`;
  if (!object) return `${subject}: it is not there`;
  const auth = await cluster.get<VaultAuthBody>(
    `${API}/namespaces/${target.namespace}/vaultauths/${object.spec.vaultAuthRef ?? ""}`,
  );
  const reasons = [
    warning?.message ?? "the operator has not looked at it yet",
    ...(auth?.status?.valid === false && auth.status.error ? [`VaultAuth: ${auth.status.error}`] : []),
  ];
  return `${subject}: ${reasons.join("; ")}`;
}

function vaultStaticSecretPath({ namespace, name }: SyncTarget): string {
  return `${API}/namespaces/${namespace}/vaultstaticsecrets/${name}`;
}

/** VaultStaticSecrets, as {@link SyncKind} looks at them. */
export const vaultStaticSecretKind: SyncKind = { syncedVersion, whyNot };
