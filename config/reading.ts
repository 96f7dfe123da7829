import { z } from "zod";
import { alternatives, describe } from "./description";
import type { Location, Part, Path } from "./location";
import { nearestName } from "./suggestion";

/** The fields of a map that are right, and the names of those that are not. */
export interface Draft<Shape extends z.core.$ZodShape> {
  readonly fields: { readonly [Field in keyof Shape]?: z.output<Shape[Field]> | undefined };
  /** Fields that were refused: what they should have been is unknown. */
  readonly invalid: ReadonlySet<keyof Shape>;
}

/**
 * Reads a map field by field, so that a mistake in one field hides none in another: zod's own object schema
 * would leave out the checks between fields as soon as one of them is wrong. Unknown fields are refused, and so
 * are fields of the schema `z.undefined({ error })`, with that error as remedy.
 */
export function readObject<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
  value: unknown,
  location: Location,
): Draft<Shape> {
  const names = Object.keys(schema.shape).filter((name) => !(schema.shape[name] instanceof z.ZodUndefined));
  if (!isRecord(value)) {
    location.refuse(describe(value), `a map with ${alternatives(names)}`);
    return { fields: {}, invalid: new Set(names) };
  }
  for (const key of Object.keys(value).filter((key) => !Object.hasOwn(schema.shape, key))) {
    location.at(key).refuse("an unknown field", unknownName(key, names), "key");
  }
  const invalid = new Set<keyof Shape>();
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    fields[name] = readValue(field as z.ZodType, value[name], location.at(name), () => invalid.add(name));
  }
  return { fields: fields as Draft<Shape>["fields"], invalid };
}

/** Reads a map whose keys the writer chooses; entries that are wrong are reported and left out. */
export function readMap<T>(
  keySchema: z.ZodType<string>,
  valueSchema: z.ZodType<T>,
  value: unknown,
  location: Location,
  example: string,
): Record<string, T> {
  if (value === undefined) return {};
  if (!isRecord(value)) {
    location.refuse(describe(value), `a map, such as ${example}`);
    return {};
  }
  const entries: [string, T][] = [];
  for (const [key, content] of Object.entries(value)) {
    const name = keySchema.safeParse(key);
    const remedy = name.error?.issues[0]?.message;
    if (remedy !== undefined) location.at(key).refuse("a name that is refused", remedy, "key");
    const read = readValue(valueSchema, content, location.at(key));
    if (name.success && read !== undefined) entries.push([key, read]);
  }
  return Object.fromEntries(entries);
}

/** Reads one value; what is wrong with it is reported, and undefined returned. */
export function readValue<T>(
  schema: z.ZodType<T>,
  value: unknown,
  location: Location,
  onMistake?: () => void,
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  onMistake?.();
  for (const issue of result.error.issues) {
    const path = textPath(issue.path);
    const { remedy, found, part } = details(issue);
    const name = [...location.path, ...path].findLast((segment) => typeof segment === "string");
    location.at(...path).refuse(found ?? describe(valueAt(value, path), name), remedy, part);
  }
  return undefined;
}

/** What to write instead of an unknown name. */
export function unknownName(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (known.length < 2) return known[0] ?? "nothing: there is none";
  return nearest === undefined
    ? `one of ${known.join(", ")}`
    : `did you mean ${nearest}? Known are ${known.join(", ")}`;
}

/** Whether a value is a map. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What an issue says: what to write, and what was found where it is not the value itself. */
interface IssueDetails {
  readonly remedy: string;
  readonly found?: string;
  readonly part?: Part;
}

/** An issue of a schema of ours, for `context.issues`. */
export function issue(path: Path, { remedy, ...params }: IssueDetails): z.core.$ZodRawIssue {
  return { code: "custom", path: [...path], message: remedy, params, input: undefined };
}

/** The same issue, seen from a value that contains the one it is about. */
export function issueBelow(path: Path, nested: z.core.$ZodIssue): z.core.$ZodRawIssue {
  return issue([...path, ...textPath(nested.path)], details(nested));
}

/** No key of ours is a symbol, though zod's paths allow for them. */
function textPath(path: readonly PropertyKey[]): Path {
  return path.map((segment) => (typeof segment === "symbol" ? String(segment) : segment));
}

function details(issue: z.core.$ZodIssue): IssueDetails {
  if (issue.code === "invalid_key") {
    return {
      remedy: issue.issues[0]?.message ?? issue.message,
      found: "a name that is refused",
      part: "key",
    };
  }
  return { remedy: issue.message, ...(issue.code === "custom" ? issue.params : {}) };
}

/** What stands at a place inside of a value; undefined where there is nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((content, segment) => {
    // A list's items are properties like a map's.
    const properties = typeof content === "object" && content !== null ? content : {};
    return Object.entries(properties).find(([key]) => key === String(segment))?.[1];
  }, value);
}
