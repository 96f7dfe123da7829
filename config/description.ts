import { credentialKind, isRandomText } from "./credentials";

/** Longer texts are not quoted in messages. */
const LONGEST_QUOTED = 60;

/** What is found where nothing is. */
export const NOTHING = "nothing";

/**
 * What a value is, for "found": quoted when it is short and cannot be a credential, else only its kind.
 *
 * @param name the name the value is given, which may tell that it is secret
 */
export function describe(value: unknown, name = ""): string {
  if (value === undefined) return NOTHING;
  if (value === null) return "no value";
  if (typeof value === "string") return describeText(value, name);
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return Object.keys(value).length === 0 ? "an empty map" : "a map";
  return `a ${typeof value}`;
}

function describeText(text: string, name: string): string {
  const kind = credentialKind(text, name);
  if (kind !== undefined) return `what looks like ${kind}`;
  if (text === "") return "an empty text";
  if (text.length > LONGEST_QUOTED || isRandomText(text)) return `a text of ${text.length} characters`;
  return JSON.stringify(text);
}

/** Names joined for a sentence: `a, b or c`. */
export function alternatives(names: readonly string[]): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;
}
