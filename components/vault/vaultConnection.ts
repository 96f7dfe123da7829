/**
 * Where the operator finds Vault. Pure: configuration in, manifest out.
 * Source: https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/api-reference#vaultconnection
 */
import { OwnedMetadata } from "../identity";

/** What a VaultConnection needs to know. */
export interface VaultConnectionSettings {
  name: string;
  /** The operator's namespace, so that no application can change it. */
  namespace: string;
  metadata: OwnedMetadata;
  /** Vault's address as the operator's pods reach it. */
  address: string;
  /** Secret beside it whose key `ca.crt` holds the authority of Vault's certificate. */
  caCertificateSecret?: string | undefined;
}

/** The manifest of a VaultConnection. */
export function vaultConnectionManifest(settings: VaultConnectionSettings) {
  const { name, namespace, metadata, address, caCertificateSecret } = settings;
  return {
    apiVersion: "secrets.hashicorp.com/v1beta1",
    kind: "VaultConnection",
    metadata: { name, namespace, ...metadata },
    spec: {
      address,
      skipTLSVerify: false,
      ...(caCertificateSecret ? { caCertSecretRef: caCertificateSecret } : {}),
    },
  };
}
