/** The file that tells the service who may ask for which keys. Pure: callers in, text out. */
import { createHash } from "node:crypto";

/** A caller as the policy knows it. */
export interface PolicyCaller {
  /** Name of the application. */
  name: string;
  /** Tokens that it may show, in plain text; of each only the digest is written. */
  tokens: readonly string[];
  /** ServiceAccounts whose tokens it may show, NAMESPACE/NAME. */
  serviceAccounts: readonly string[];
  /** Names of keys, and beginnings with a `*` at their end. */
  keys: readonly string[];
}

/** The policy, as docs/secrets-service.md describes it; JSON is a part of YAML. */
export function callerPolicy(callers: readonly PolicyCaller[]): string {
  return JSON.stringify({
    callers: callers.map(({ name, tokens, serviceAccounts, keys }) => ({
      name,
      tokens: tokens.map((token) => `sha256:${createHash("sha256").update(token).digest("hex")}`),
      serviceAccounts,
      keys,
    })),
  });
}
