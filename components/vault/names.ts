/** Label of the ConfigMap that tells that a stack has made something in Vault. */
export const CONNECTED_LABEL = "secrets-platform/vault-connected";

/** Name of the ConfigMap that tells that a stack has made something in Vault. */
export function connectedName(connection: string): string {
  return `${connection}-connected`;
}

/** Name of the ServiceAccount that reviews tokens for Vault, of its token's Secret, and in that of its binding. */
export function reviewerName(connection: string): string {
  return `${connection}-reviewer`;
}
