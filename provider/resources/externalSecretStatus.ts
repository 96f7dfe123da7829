/** What External Secrets Operator says about an ExternalSecret. Source: its API reference, ExternalSecretStatus. */
import { KubernetesClient } from "../../clients/kubernetes";
import type { SyncKind, SyncTarget } from "./syncKind";
import { newestWarning } from "./warnings";

/** The part of an ExternalSecret that tells about its sync. */
export interface ExternalSecretBody {
  spec: { refreshInterval?: string; secretStoreRef?: { name: string } };
  status?: {
    /** `<generation>-<hash of labels and annotations>` of the form that was last synced with success. */
    syncedResourceVersion?: string;
    refreshTime?: string;
    conditions?: { type: string; status: string; reason?: string; message?: string }[];
  };
}

/** The annotation that External Secrets Operator's manual names for asking it to read at once. */
const FORCE_SYNC_ANNOTATION = "force-sync";

/** The synced version, once the object's present generation is in it and its condition is Ready. */
async function syncedVersion(cluster: KubernetesClient, target: SyncTarget): Promise<string | undefined> {
  const object = await cluster.get<ExternalSecretBody>(externalSecretPath(target));
  const version = object?.status?.syncedResourceVersion;
  const ready = object?.status?.conditions?.find((condition) => condition.type === "Ready");
  const present = version?.startsWith(`${object?.metadata.generation ?? 0}-`);
  return present && ready?.status === "True" ? version : undefined;
}

/** Makes the operator read at once; the synced version is another one afterwards. */
async function askForRefresh(cluster: KubernetesClient, target: SyncTarget): Promise<void> {
  await cluster.merge(externalSecretPath(target), {
    metadata: { annotations: { [FORCE_SYNC_ANNOTATION]: new Date().toISOString() } },
  });
}

/** Why an ExternalSecret is not in sync, in the operator's own words, with the newest warning about it. */
async function whyNot(cluster: KubernetesClient, target: SyncTarget): Promise<string> {
  const [object, warning] = await Promise.all([
    cluster.get<ExternalSecretBody>(externalSecretPath(target)),
    newestWarning(cluster, "ExternalSecret", target),
  ]);
  const subject = `application ${target.application}: ExternalSecret ${target.namespace}/${target.name} (store ${target.store})`;
  if (!object) return `${subject}: it is not there`;
  const ready = object.status?.conditions?.find((condition) => condition.type === "Ready");
  const reasons = [
    ready
      ? [ready.reason, ready.message].filter(Boolean).join(": ")
      : "the operator has not looked at it yet",
    ...(warning?.message && !ready?.message?.includes(warning.message) ? [warning.message] : []),
  ];
  return `${subject}: ${reasons.join("; ")}`;
}

function externalSecretPath(target: SyncTarget): string {
  return `/apis/external-secrets.io/v1/namespaces/${target.namespace}/externalsecrets/${target.name}`;
}

/** ExternalSecrets, as {@link SyncKind} looks at them. */
export const externalSecretKind: SyncKind = { syncedVersion, askForRefresh, whyNot };
