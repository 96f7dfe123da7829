import { createHash } from "node:crypto";

/** A weak entity tag of an answer's body, of the form that Doppler's have: `W/"` and 64 hexadecimal digits. */
export function weakEntityTag(body: string): string {
  return `W/"${createHash("sha256").update(body).digest("hex")}"`;
}

/**
 * Whether an If-None-Match header names the tag, so that the client has this body already.
 * Compares weakly, as RFC 9110 (13.1.2) says for this header.
 */
export function matchesEntityTag(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) {
    return false;
  }
  const opaque = tag.replace(/^W\//, "");
  return ifNoneMatch
    .split(",")
    .map((entry) => entry.trim())
    .some((entry) => entry === "*" || entry.replace(/^W\//, "") === opaque);
}
