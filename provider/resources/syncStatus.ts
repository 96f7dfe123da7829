/** What External Secrets Operator says about an ExternalSecret. Source: its API reference, ExternalSecretStatus. */
import { KubernetesClient } from "../../clients/kubernetes";

/** An ExternalSecret, and what a message about it names. */
export interface SyncTarget {
  application: string;
  namespace: string;
  name: string;
  store: string;
  /** Changes whenever the ExternalSecret or its store's token does. */
  revision: string;
}

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

interface EventBody {
  message?: string;
  type?: string;
  lastTimestamp?: string;
  eventTime?: string;
}

/** The annotation that External Secrets Operator's manual names for asking it to read at once. */
const FORCE_SYNC_ANNOTATION = "force-sync";

/** The synced version, once the object's present generation is in it and its condition is Ready. */
export async function syncedVersion(
  cluster: KubernetesClient,
  target: SyncTarget,
): Promise<string | undefined> {
  const object = await cluster.get<ExternalSecretBody>(externalSecretPath(target));
  const version = object?.status?.syncedResourceVersion;
  const ready = object?.status?.conditions?.find((condition) => condition.type === "Ready");
  const present = version?.startsWith(`${object?.metadata.generation ?? 0}-`);
  return present && ready?.status === "True" ? version : undefined;
}

/** Makes the operator read at once; the synced version is another one afterwards. */
export async function askForRefresh(cluster: KubernetesClient, target: SyncTarget): Promise<void> {
  await cluster.merge(externalSecretPath(target), {
    metadata: { annotations: { [FORCE_SYNC_ANNOTATION]: new Date().toISOString() } },
  });
}

/** Why an ExternalSecret is not in sync, in the operator's own words, with the newest warning about it. */
export async function whyNot(cluster: KubernetesClient, target: SyncTarget): Promise<string> {
  const [object, warning] = await Promise.all([
    cluster.get<ExternalSecretBody>(externalSecretPath(target)),
    newestWarning(cluster, target),
  ]);
  const subject = `application ${target.application}: ExternalSecret ${target.namespace}/${target.name} (store ${target.store})`;
  if (!object) return `${subject}: it is not there`;
  const ready = object.status?.conditions?.find((condition) => condition.type === "Ready");
  const reasons = [
    ready
      ? [ready.reason, ready.message].filter(Boolean).join(": ")
      : "the operator has not looked at it yet",
    ...(warning && !ready?.message?.includes(warning) ? [warning] : []),
  ];
  return `${subject}: ${reasons.join("; ")}`;
}

async function newestWarning(cluster: KubernetesClient, target: SyncTarget): Promise<string | undefined> {
  const events = await cluster.list<EventBody>(`/api/v1/namespaces/${target.namespace}/events`, {
    fieldSelector: `involvedObject.kind=ExternalSecret,involvedObject.name=${target.name},type=Warning`,
  });
  const time = (event: EventBody) => event.lastTimestamp ?? event.eventTime ?? "";
  return events.sort((one, other) => time(one).localeCompare(time(other))).at(-1)?.message;
}

function externalSecretPath(target: SyncTarget): string {
  return `/apis/external-secrets.io/v1/namespaces/${target.namespace}/externalsecrets/${target.name}`;
}
