/**
 * The ClusterSecretStore of one Doppler config. Pure: configuration in, manifest out.
 * Source: https://external-secrets.io/latest/provider/doppler/
 */
import { OwnedMetadata } from "../identity";

/** What a store needs to know. */
export interface ClusterSecretStoreSettings {
  name: string;
  metadata: OwnedMetadata;
  /** The Secret that holds the service token. */
  token: { namespace: string; secret: string; key: string };
  /** Namespaces that may read through this store, at least one. */
  namespaces: readonly string[];
}

/** Names the service token that a store reads with. */
export const TOKEN_ANNOTATION = "secrets-platform/service-token";

/**
 * The manifest of a store that is open to the named namespaces and to no other.
 * @throws Error without a namespace: conditions that name none open a store to the whole cluster.
 */
export function clusterSecretStoreManifest(settings: ClusterSecretStoreSettings) {
  if (settings.namespaces.length === 0) {
    throw new Error(
      `ClusterSecretStore "${settings.name}" has no namespace: without conditions it would be open to all. ` +
        "Leave it out until an application uses it.",
    );
  }
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ClusterSecretStore",
    metadata: {
      name: settings.name,
      labels: settings.metadata.labels,
      annotations: settings.metadata.annotations,
    },
    spec: {
      conditions: [{ namespaces: [...new Set(settings.namespaces)].sort() }],
      provider: {
        doppler: {
          auth: {
            secretRef: {
              dopplerToken: {
                namespace: settings.token.namespace,
                name: settings.token.secret,
                key: settings.token.key,
              },
            },
          },
        },
      },
    },
  };
}
