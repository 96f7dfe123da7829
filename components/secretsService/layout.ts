/** Where things are in the service's pods, and what they are called: the same for all of its manifests. */
import type { OwnedMetadata } from "../identity";

/** Port that the pods listen on. */
export const POD_PORT = 8000;

/** Name of that port. */
export const PORT_NAME = "http";

/** Folder of the values: a file for each key. */
export const VALUES_FOLDER = "/var/run/secrets-service/values";

/** Folder of the policy. */
export const POLICY_FOLDER = "/var/run/secrets-service/policy";

/** The policy in its Secret and in its folder. */
export const POLICY_KEY = "policy.json";

/** Key of a caller's token in its Secret; with `envFrom` it is the variable that the client reads. */
export const TOKEN_KEY = "SECRETS_SERVICE_TOKEN";

/** Name of the Secret with the policy. */
export function policySecretName(name: string): string {
  return `${name}-policy`;
}

/** Name of the pods' ServiceAccount: not that which reads from Vault. */
export function serverAccountName(name: string): string {
  return `${name}-server`;
}

/** Audience of ServiceAccount tokens that callers show. */
export const AUDIENCE = "secrets-service";

/** What every object of the service has. */
export interface ServiceSettings {
  /** Name of its objects. */
  name: string;
  namespace: string;
  metadata: OwnedMetadata;
}

/** Labels that tell the service's pods from all others in the namespace. */
export function podLabels({ name }: Pick<ServiceSettings, "name">): Record<string, string> {
  return { "app.kubernetes.io/name": "secrets-service", "app.kubernetes.io/instance": name };
}

/** Metadata of one of the service's own objects. */
export function objectMetadata(settings: ServiceSettings, name = settings.name) {
  const { namespace, metadata } = settings;
  return {
    name,
    namespace,
    labels: { ...podLabels(settings), ...metadata.labels },
    annotations: metadata.annotations,
  };
}
