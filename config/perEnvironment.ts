import { z } from "zod";
import { alternatives } from "./description";
import { isRecord, issue, issueBelow, unknownName } from "./reading";

/** Stands for every environment that a map does not name. */
export const DEFAULT_ENVIRONMENT = "default";

/** A value that is the same everywhere, or one that differs per environment. */
export type PerEnvironment<T> =
  | { readonly kind: "same"; readonly value: T }
  /** By environment; the name `default` stands for those that are not listed. */
  | { readonly kind: "different"; readonly values: ReadonlyMap<string, T> };

/** The environments that a value per environment is checked against. */
export interface Environments {
  /** Every environment of the project. Undefined: unknown, since its list is wrong. */
  readonly known: readonly string[] | undefined;
  /** Those that need a value. */
  readonly needed: readonly string[];
}

/** The same value everywhere. */
export function everywhere<T>(value: T): PerEnvironment<T> {
  return { kind: "same", value };
}

/**
 * A value or a map of values per environment, `{ default: 1m, dev: 10s }`.
 *
 * @param isMap tells a map per environment from a value that is a map itself. Default: every map is one
 */
export function perEnvironment<T>(
  schema: z.ZodType<T>,
  { known, needed }: Environments,
  isMap: (input: unknown) => input is Record<string, unknown> = isRecord,
): z.ZodType<PerEnvironment<T>> {
  return z.unknown().transform((input, context): PerEnvironment<T> => {
    const values = new Map<string, T>();
    const read = (value: unknown, path: readonly string[], keep: (value: T) => void): void => {
      const result = schema.safeParse(value);
      if (result.success) keep(result.data);
      else context.issues.push(...result.error.issues.map((nested) => issueBelow(path, nested)));
    };
    if (!isMap(input)) {
      let same: PerEnvironment<T> | undefined;
      read(input, [], (value) => (same = everywhere(value)));
      return same ?? z.NEVER;
    }
    const accepted = known === undefined ? undefined : [DEFAULT_ENVIRONMENT, ...known];
    for (const [environment, value] of Object.entries(input)) {
      if (accepted !== undefined && !accepted.includes(environment)) {
        const remedy = unknownName(environment, accepted);
        context.issues.push(issue([environment], { remedy, found: "an unknown environment", part: "key" }));
      }
      read(value, [environment], (content) => values.set(environment, content));
    }
    const missing = needed.filter((environment) => !Object.hasOwn(input, environment));
    if (missing.length > 0 && !Object.hasOwn(input, DEFAULT_ENVIRONMENT)) {
      const found = `no value for ${missing.join(", ")}, and no default`;
      const remedy = [...missing, DEFAULT_ENVIRONMENT].map((name) => `\`${name}: ...\``);
      context.issues.push(issue([], { remedy: alternatives(remedy), found }));
    }
    return { kind: "different", values };
  });
}

/** The value in an environment; undefined when there is none. */
export function valueIn<T>(value: PerEnvironment<T>, environment: string): T | undefined {
  if (value.kind === "same") return value.value;
  return value.values.get(value.values.has(environment) ? environment : DEFAULT_ENVIRONMENT);
}

/** Where the value in an environment stands, below the place of the whole. */
export function pathIn<T>(value: PerEnvironment<T>, environment: string): readonly string[] {
  if (value.kind === "same") return [];
  return [value.values.has(environment) ? environment : DEFAULT_ENVIRONMENT];
}
