import type { z } from "zod";

/** One mistake in what the service was given: where, what was found there, what to write instead. */
export interface Mistake {
  /** Environment variable, or file with the place in it. */
  readonly place: string;
  /** Never a value. */
  readonly found: string;
  readonly remedy: string;
}

/** Every mistake of one source, in one error whose message lists them all. */
export class MistakesError extends Error {
  override readonly name = "MistakesError";

  constructor(
    readonly mistakes: readonly Mistake[],
    subject: string,
  ) {
    const count = mistakes.length === 1 ? "1 mistake" : `${mistakes.length} mistakes`;
    const texts = mistakes.map(
      ({ place, found, remedy }) => `${place}\n    found  ${found}\n    write  ${remedy}`,
    );
    super([`${count} in ${subject}.`, ...texts].join("\n\n"));
  }
}

/** What a value is, without showing it. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "no value";
  if (typeof value === "string")
    return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "a map" : `a ${typeof value}`;
}

/** Mistakes of a value that a schema refuses, each message of which is a remedy. */
export function mistakesOf(error: z.ZodError, value: unknown, file: string): Mistake[] {
  return error.issues.map(({ path, message }) => ({
    place: [file, placeOf(path)].filter((part) => part !== "").join("  "),
    found: kindOf(path.reduce<unknown>(propertyOf, value)),
    remedy: message,
  }));
}

function placeOf(path: readonly PropertyKey[]): string {
  return path
    .map((segment, index) =>
      typeof segment === "number" ? `[${segment}]` : `${index === 0 ? "" : "."}${String(segment)}`,
    )
    .join("");
}

function propertyOf(value: unknown, name: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<PropertyKey, unknown>)[name]
    : undefined;
}
