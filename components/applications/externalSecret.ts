/**
 * The ExternalSecret of one declared Secret. Pure: declaration in, manifest out.
 * Source: https://external-secrets.io/latest/api/externalsecret/
 */
import { OwnedMetadata } from "../identity";
import { goDuration } from "./goDuration";

/** What an ExternalSecret is made from. */
export interface ExternalSecretSettings {
  /** Of the ExternalSecret and of the Secret. */
  name: string;
  namespace: string;
  metadata: OwnedMetadata;
  /** Name of the ClusterSecretStore. */
  store: string;
  /** Key in the Secret -> name in Doppler. Undefined: the whole config under its own names. */
  keys?: Readonly<Record<string, string>> | undefined;
  refreshSeconds: number;
  /** Type of the Secret, such as `Opaque`. */
  type: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** For `kubernetes.io/dockerconfigjson`: the registry, and the names in Doppler of user name and password. */
  registry?: { server: string; usernameKey: string; passwordKey: string } | undefined;
}

/**
 * The manifest. Whatever the number of keys, one refresh is one call to Doppler: the whole config is read, and a
 * template picks and renames the keys. A key that is missing fails the template, and so the refresh, and the
 * Secret keeps what it had.
 */
export function externalSecretManifest(settings: ExternalSecretSettings) {
  const data = templateData(settings);
  const remoteNames = settings.registry
    ? [settings.registry.usernameKey, settings.registry.passwordKey]
    : settings.keys && Object.values(settings.keys);
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: {
      name: settings.name,
      namespace: settings.namespace,
      labels: settings.metadata.labels,
      annotations: settings.metadata.annotations,
    },
    spec: {
      refreshInterval: goDuration(settings.refreshSeconds),
      secretStoreRef: { kind: "ClusterSecretStore", name: settings.store },
      target: {
        name: settings.name,
        creationPolicy: "Owner",
        // What the source loses, a running application keeps until someone decides.
        deletionPolicy: "Retain",
        template: {
          engineVersion: "v2",
          type: settings.type,
          metadata: {
            labels: { ...settings.labels, ...settings.metadata.labels },
            ...(Object.keys(settings.annotations).length ? { annotations: { ...settings.annotations } } : {}),
          },
          ...(data ? { data } : {}),
        },
      },
      dataFrom: [{ find: { name: { regexp: remoteNames ? exactly(remoteNames) : ".*" } } }],
    },
  };
}

function templateData(settings: ExternalSecretSettings): Record<string, string> | undefined {
  if (settings.registry) return { ".dockerconfigjson": dockerConfigTemplate(settings.registry) };
  if (!settings.keys) return undefined;
  return Object.fromEntries(Object.entries(settings.keys).map(([key, name]) => [key, `{{ .${name} }}`]));
}

/** A regular expression (RE2) that matches these names and no other. Doppler's names have no special characters. */
function exactly(names: readonly string[]): string {
  return `^(?:${[...new Set(names)].sort().join("|")})$`;
}

/** The docker configuration that a kubelet reads, with the credentials filled in by the operator. */
function dockerConfigTemplate(registry: NonNullable<ExternalSecretSettings["registry"]>): string {
  const user = `.${registry.usernameKey}`;
  const password = `.${registry.passwordKey}`;
  return (
    `{"auths":{${JSON.stringify(registry.server)}:{"username":{{ ${user} | toJson }},` +
    `"password":{{ ${password} | toJson }},` +
    `"auth":{{ printf "%s:%s" ${user} ${password} | b64enc | toJson }}}}}`
  );
}
