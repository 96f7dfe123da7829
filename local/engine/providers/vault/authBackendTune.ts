import type { AuthBackendArgs } from "@pulumi/vault";

import type { PlainValues } from "../plainValues";

/** How an auth method is tuned, as programs write it. */
export type Tune = NonNullable<PlainValues<AuthBackendArgs>["tune"]>;

/** The same as Vault tells it, with validities in seconds. */
export type FoundTune = Partial<Record<(typeof FIELDS)[keyof Tune], string | number | string[]>>;

const FIELDS = {
  allowedResponseHeaders: "allowed_response_headers",
  auditNonHmacRequestKeys: "audit_non_hmac_request_keys",
  auditNonHmacResponseKeys: "audit_non_hmac_response_keys",
  defaultLeaseTtl: "default_lease_ttl",
  listingVisibility: "listing_visibility",
  maxLeaseTtl: "max_lease_ttl",
  passthroughRequestHeaders: "passthrough_request_headers",
  tokenType: "token_type",
} as const satisfies Record<keyof Tune, string>;

const NAMES = Object.keys(FIELDS) as (keyof Tune)[];

/** What Vault takes for "as if it had never been tuned". */
const UNTUNED: Required<Tune> = {
  allowedResponseHeaders: [],
  auditNonHmacRequestKeys: [],
  auditNonHmacResponseKeys: [],
  defaultLeaseTtl: "0s",
  listingVisibility: "",
  maxLeaseTtl: "0s",
  passthroughRequestHeaders: [],
  tokenType: "default-service",
};

/** What to ask of Vault: what the program gives, and nothing more of what it gave before and no longer does. */
export function tuneRequest(tune: Tune, before: Tune): Record<string, unknown> {
  const given = NAMES.filter((name) => tune[name] !== undefined || before[name] !== undefined);
  return Object.fromEntries(given.map((name) => [FIELDS[name], tune[name] ?? UNTUNED[name]]));
}

/**
 * What a state holds: everything where the program gives nothing, and otherwise what it gives. Validities then stay
 * as they were written, because Vault counts in seconds what a program writes as `1h`.
 */
export function tuneState(found: FoundTune, given: Tune | undefined): Tune {
  const names = given ? NAMES.filter((name) => given[name] !== undefined) : NAMES;
  return Object.fromEntries(
    names.map((name) => {
      const value = found[FIELDS[name]];
      if (typeof value !== "number") return [name, value ?? (Array.isArray(UNTUNED[name]) ? [] : "")];
      return [name, given?.[name] ?? shortDuration(value)];
    }),
  );
}

/** Seconds as `768h` or `1m30s`. */
function shortDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "m"],
    [seconds % 60, "s"],
  ] as const;
  return parts.map(([count, unit]) => (count > 0 ? `${count}${unit}` : "")).join("") || "0s";
}
