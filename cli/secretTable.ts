/** What `status` shows: every Secret of a stack, where it comes from, and whether it is in sync. Pure. */
import { KubernetesObject } from "../clients/kubernetes";
import { APPLICATION_LABEL, ENVIRONMENT_LABEL } from "../components/identity";
import { ExternalSecretBody } from "../provider/resources/syncStatus";

/** One Secret. */
export interface SecretRow {
  application: string;
  environment: string;
  namespace: string;
  secret: string;
  /** Name of the ClusterSecretStore that it is read through. */
  store: string;
  state: "in sync" | "not in sync" | "waiting";
  /** Seconds since the last successful refresh; none before the first. */
  ageSeconds?: number;
  /** Go duration between two refreshes, such as `1m0s`. */
  refresh: string;
  /** The operator's reason, when it is not in sync. */
  reason?: string;
}

/** The rows of ExternalSecrets, by application, namespace and name. `now` in milliseconds since the epoch. */
export function secretRows(
  objects: readonly KubernetesObject<ExternalSecretBody>[],
  now: number,
): SecretRow[] {
  return objects
    .map((object) => secretRow(object, now))
    .sort(
      (one, other) =>
        one.application.localeCompare(other.application) ||
        one.namespace.localeCompare(other.namespace) ||
        one.secret.localeCompare(other.secret),
    );
}

function secretRow(object: KubernetesObject<ExternalSecretBody>, now: number): SecretRow {
  const { metadata, spec, status } = object;
  const ready = status?.conditions?.find((condition) => condition.type === "Ready");
  const present = status?.syncedResourceVersion?.startsWith(`${metadata.generation ?? 0}-`) ?? false;
  const state =
    ready === undefined ? "waiting" : ready.status === "True" && present ? "in sync" : "not in sync";
  return {
    application: metadata.labels?.[APPLICATION_LABEL] ?? "",
    environment: metadata.labels?.[ENVIRONMENT_LABEL] ?? "",
    namespace: metadata.namespace ?? "",
    secret: metadata.name,
    store: spec.secretStoreRef?.name ?? "",
    state,
    ...(status?.refreshTime
      ? { ageSeconds: Math.max(0, Math.round((now - Date.parse(status.refreshTime)) / 1000)) }
      : {}),
    refresh: spec.refreshInterval ?? "",
    ...(state === "not in sync"
      ? { reason: [ready?.reason, ready?.message].filter(Boolean).join(": ") }
      : {}),
  };
}
