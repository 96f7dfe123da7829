/** What `status` shows: every Secret of a stack, where it comes from, and whether it is in sync. Pure. */
import { KubernetesObject } from "../clients/kubernetes";
import {
  APPLICATION_LABEL,
  ENVIRONMENT_LABEL,
  ENVIRONMENT_SOURCE,
  MANAGED_BY,
  MANAGED_BY_LABEL,
} from "../components/identity";
import { PLACEHOLDER_LABEL } from "../components/placeholder";
import { parseDuration } from "../config/duration";
import { ExternalSecretBody } from "../provider/resources/externalSecretStatus";
import { isSynced, VaultStaticSecretBody } from "../provider/resources/vaultStaticSecretStatus";
import type { Warning } from "../provider/resources/warnings";

/** One Secret. */
export interface SecretRow {
  application: string;
  environment: string;
  namespace: string;
  secret: string;
  /** Name of the ClusterSecretStore that it is read through, or its place in Vault, or `environment`. */
  store: string;
  state: "in sync" | "not in sync" | "waiting" | "placeholder";
  /** Seconds since the last successful refresh; none before the first, and where the operator does not tell. */
  ageSeconds?: number;
  /** Go duration between two refreshes, such as `1m0s`. Empty: it changes with an update only. */
  refresh: string;
  /** Seconds since a placeholder was made. */
  pendingSeconds?: number;
  /** Why it is not in sync, in the operator's own words, or what a placeholder waits for. */
  reason?: string;
}

/** A VaultStaticSecret, and what was found beside it. */
export interface VaultObservation {
  object: KubernetesObject<VaultStaticSecretBody>;
  /** The operator's newest word about it, if that is a warning. */
  warning: Warning | undefined;
  /** Whether its Secret holds made-up values. */
  placeholder: boolean;
}

/** What was found in a cluster of a stack's Secrets. */
export interface Observations {
  externalSecrets: readonly KubernetesObject<ExternalSecretBody>[];
  vaultStaticSecrets: readonly VaultObservation[];
  /** Secrets that an update filled from the deployer's environment. */
  environmentSecrets: readonly KubernetesObject[];
  /** Secrets that were made up while Vault was not ready. */
  bootstrapSecrets: readonly KubernetesObject[];
}

/** One row a Secret, by application, namespace and name. `now` in milliseconds since the epoch. */
export function secretRows(observations: Observations, now: number): SecretRow[] {
  return [
    ...observations.externalSecrets.map((object) => externalSecretRow(object, now)),
    ...observations.vaultStaticSecrets.map((observation) => vaultRow(observation, now)),
    // What an update has written is what was declared then: nothing reads it again.
    ...observations.environmentSecrets.map(environmentRow),
    ...observations.bootstrapSecrets.map((object) => bootstrapRow(object, now)),
  ].sort(
    (one, other) =>
      one.application.localeCompare(other.application) ||
      one.namespace.localeCompare(other.namespace) ||
      one.secret.localeCompare(other.secret),
  );
}

/**
 * An operator that fails tries again after 60 seconds at most, but of its warnings about one object Kubernetes' client
 * lets through only 25 at first, and then one in 300 seconds.
 */
const LONGEST_SILENCE_SECONDS = 300 + 90;

function vaultRow({ object, warning, placeholder }: VaultObservation, now: number): SecretRow {
  const { metadata, spec } = object;
  const refresh = spec.refreshAfter ?? "";
  const silence = Math.max(LONGEST_SILENCE_SECONDS, 2 * (parseDuration(refresh) ?? 0)) * 1000;
  const failing = warning && (!isSynced(object) || now - warning.time < silence);
  const row = {
    ...belonging(object),
    store: `vault ${spec.mount}/${spec.path}`,
    refresh,
  };
  if (failing) {
    const seconds = Math.round((now - warning.time) / 1000);
    return { ...row, state: "not in sync", reason: `${warning.message} (said ${seconds} s ago)` };
  }
  if (!isSynced(object)) return { ...row, state: "waiting" };
  if (!placeholder) return { ...row, state: "in sync" };
  const reason = `made-up values, until real ones are in ${spec.mount}/${spec.path}`;
  return {
    ...row,
    state: "placeholder",
    pendingSeconds: ageSeconds(metadata.creationTimestamp, now),
    reason,
  };
}

function environmentRow(object: KubernetesObject): SecretRow {
  return { ...belonging(object), store: ENVIRONMENT_SOURCE, state: "in sync", refresh: "" };
}

function bootstrapRow(object: KubernetesObject, now: number): SecretRow {
  return {
    ...belonging(object),
    store: "vault",
    state: "placeholder",
    refresh: "",
    pendingSeconds: ageSeconds(object.metadata.creationTimestamp, now),
    reason: "made while Vault was not ready: run pulumi up again once it is",
  };
}

/** Whether a Secret was made by the stack itself, while Vault was not ready, and no operator has taken it over. */
export function isBootstrapSecret({ metadata }: KubernetesObject): boolean {
  return metadata.labels?.[PLACEHOLDER_LABEL] === "true" && metadata.labels[MANAGED_BY_LABEL] === MANAGED_BY;
}

function belonging({ metadata }: KubernetesObject) {
  return {
    application: metadata.labels?.[APPLICATION_LABEL] ?? "",
    environment: metadata.labels?.[ENVIRONMENT_LABEL] ?? "",
    namespace: metadata.namespace ?? "",
    secret: metadata.name,
  };
}

function ageSeconds(timestamp: string | undefined, now: number): number {
  return Math.max(0, Math.round((now - (Date.parse(timestamp ?? "") || now)) / 1000));
}

function externalSecretRow(object: KubernetesObject<ExternalSecretBody>, now: number): SecretRow {
  const { metadata, spec, status } = object;
  const ready = status?.conditions?.find((condition) => condition.type === "Ready");
  const present = status?.syncedResourceVersion?.startsWith(`${metadata.generation ?? 0}-`) ?? false;
  const state =
    ready === undefined ? "waiting" : ready.status === "True" && present ? "in sync" : "not in sync";
  return {
    ...belonging(object),
    store: spec.secretStoreRef?.name ?? "",
    state,
    ...(status?.refreshTime ? { ageSeconds: ageSeconds(status.refreshTime, now) } : {}),
    refresh: spec.refreshInterval ?? "",
    ...(state === "not in sync"
      ? { reason: [ready?.reason, ready?.message].filter(Boolean).join(": ") }
      : {}),
  };
}
