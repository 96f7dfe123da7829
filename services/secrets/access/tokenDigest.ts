import { hash, timingSafeEqual } from "node:crypto";

/** Letters of a SHA-256 digest in hexadecimal. */
const DIGEST_LETTERS = 64;

const shown = Buffer.alloc(DIGEST_LETTERS);

/** SHA-256 of a token, in hexadecimal. Tokens are long and random: nothing slower is needed against guessing. */
export function digestOf(token: string): string {
  return hash("sha256", token, "hex");
}

/** A digest to compare others with, in time that does not depend on where they differ. */
export class TokenDigest {
  private readonly bytes: Buffer;

  /** @param hexadecimal 64 small letters and digits */
  constructor(hexadecimal: string) {
    this.bytes = Buffer.from(hexadecimal, "latin1");
  }

  /** @param hexadecimal digest of the token that was shown */
  equals(hexadecimal: string): boolean {
    shown.write(hexadecimal, "latin1");
    return timingSafeEqual(this.bytes, shown);
  }
}
