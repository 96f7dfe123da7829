/** How made-up values are marked, so that nobody takes them for real ones. */
import { randomBytes } from "node:crypto";

/** On a Secret whose values are made up, until the real ones are there. */
export const PLACEHOLDER_LABEL = "secrets-platform/placeholder";

const PREFIX = "placeholder-";

/** A made-up value that no two secrets share. */
export function placeholderValue(): string {
  return `${PREFIX}${randomBytes(12).toString("hex")}`;
}

/** Whether a value was made up. */
export function isPlaceholderValue(value: unknown): boolean {
  return typeof value === "string" && new RegExp(`^${PREFIX}[0-9a-f]{24}$`).test(value);
}
