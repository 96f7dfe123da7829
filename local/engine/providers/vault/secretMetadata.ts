import type { kv } from "@pulumi/vault";

import type { PlainValues } from "../plainValues";

/** What a program says of a secret besides its values. */
type Metadata = NonNullable<PlainValues<kv.SecretV2Args>["customMetadata"]>;

/** The same as Vault tells it. */
export interface FoundMetadata {
  max_versions: number;
  cas_required: boolean;
  /** As Go prints a duration, such as `1h0m0s`. */
  delete_version_after: string;
  custom_metadata: Record<string, string> | null;
}

/** What to ask of Vault. */
export function metadataRequest(metadata: Metadata): object {
  return {
    cas_required: metadata.casRequired,
    custom_metadata: metadata.data,
    delete_version_after: metadata.deleteVersionAfter,
    max_versions: metadata.maxVersions,
  };
}

/** What a state holds: everything where the program gives nothing, and otherwise what it gives. */
export function metadataState(found: FoundMetadata, given: Metadata | undefined): Metadata {
  const present: Required<Metadata> = {
    casRequired: found.cas_required,
    data: found.custom_metadata ?? {},
    deleteVersionAfter: secondsOf(found.delete_version_after),
    maxVersions: found.max_versions,
  };
  return given
    ? Object.fromEntries(
        Object.entries(present).filter(([name]) => given[name as keyof Metadata] !== undefined),
      )
    : present;
}

const UNIT_SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1 };

function secondsOf(duration: string): number {
  return [...duration.matchAll(/([\d.]+)([hms])/g)].reduce(
    (seconds, [, count, unit]) => seconds + Number(count) * (UNIT_SECONDS[unit ?? ""] ?? 0),
    0,
  );
}
