/** How made-up values in Vault are told from real ones: by a mark in the secret's metadata, and its version. */

/** Metadata of a KV v2 secret, as far as it is read. */
export interface SecretMetadata {
  currentVersion: number;
  customMetadata: Readonly<Record<string, string>>;
}

/** Key of the custom metadata under which the stack's full name stands. */
const MARK = "secrets-platform-placeholder";

/** A secret is first written once, as version 1: whatever follows is somebody's own. */
const PLACEHOLDER_VERSION = 1;

/** The mark of made-up values that a stack writes. */
export function placeholderMetadata(owner: string): Record<string, string> {
  return { [MARK]: owner };
}

/** Custom metadata of values that turned out to be somebody's own. */
export function withoutPlaceholderMark(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== MARK));
}

/** Whether the made-up values are the newest ones still. */
export function isPlaceholder(metadata: SecretMetadata | undefined): boolean {
  return metadata?.customMetadata[MARK] !== undefined && metadata.currentVersion <= PLACEHOLDER_VERSION;
}
