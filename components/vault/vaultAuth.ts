/**
 * How the operator logs in to Vault for one application. Pure: configuration in, manifest out.
 * Source: https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/api-reference#vaultauth
 */
import { createHash } from "node:crypto";
import { OwnedMetadata } from "../identity";

/** What a VaultAuth needs to know. */
export interface VaultAuthSettings {
  /** Of the application, whose name it has. */
  name: string;
  namespace: string;
  metadata: OwnedMetadata;
  /** The VaultConnection, and the namespace it is in. */
  connection: { namespace: string; name: string };
  /** Path of the kubernetes auth method. */
  mount: string;
  role: string;
  /** Policies of the role, in any order. */
  policies: readonly string[];
  serviceAccount: string;
  /** Audience that the token is made for, and that the role demands. */
  audience: string;
  /** Validity of the ServiceAccount's token, in seconds, at least 600. */
  tokenSeconds: number;
}

/**
 * The operator keeps its Vault token when the list of a role's policies changes, but not when its VaultAuth does: so
 * the list stands in the VaultAuth too, in a header that Vault ignores.
 */
const POLICIES_HEADER = "X-Secrets-Platform-Policies";

/** The least validity that Kubernetes accepts for a ServiceAccount's token, in seconds. */
const LEAST_TOKEN_SECONDS = 600;

/** The manifest of a VaultAuth that only its own namespace may use. */
export function vaultAuthManifest(settings: VaultAuthSettings) {
  const { name, namespace, metadata, connection, mount, role, policies } = settings;
  return {
    apiVersion: "secrets.hashicorp.com/v1beta1",
    kind: "VaultAuth",
    metadata: { name, namespace, ...metadata },
    spec: {
      vaultConnectionRef: `${connection.namespace}/${connection.name}`,
      method: "kubernetes",
      mount,
      headers: { [POLICIES_HEADER]: fingerprint(policies) },
      kubernetes: {
        role,
        serviceAccount: settings.serviceAccount,
        audiences: [settings.audience],
        tokenExpirationSeconds: Math.max(settings.tokenSeconds, LEAST_TOKEN_SECONDS),
      },
    },
  };
}

function fingerprint(policies: readonly string[]): string {
  const list = [...new Set(policies)].sort().join(",");
  return createHash("sha256").update(list).digest("hex").slice(0, 16);
}
