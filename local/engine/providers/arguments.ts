import { UNKNOWN, type CheckFailure, type Values } from "../../../provider/definition";
import type { IsOptional, PlainValues } from "./plainValues";

type Kind = "string" | "number" | "boolean" | "map";

type KindOf<T> = T extends string
  ? "string"
  : T extends number
    ? "number"
    : T extends boolean
      ? "boolean"
      : "map";

/** What an argument may be. */
export interface Argument {
  /** `map`: of strings. */
  type: Kind;
  required: boolean;
  /** Filled in when the program gives none. */
  default?: unknown;
  /** The values that are allowed. Default: all. */
  oneOf?: readonly unknown[];
  /** The least value that is allowed. Default: any. */
  minimum?: number;
  /** Whether the resource is replaced when it changes. Default: false. */
  replaces?: boolean;
}

/** An argument whose type, default, and whether it is required have to fit what the SDK declares. */
interface TypedArgument<T, Required extends boolean> extends Argument {
  type: KindOf<T>;
  required: Required;
  default?: T;
  oneOf?: readonly T[];
}

/** Every argument of a resource type, by the SDK's own interface of its arguments: none missing, none made up. */
export type Arguments<Args> = {
  readonly [Name in keyof Required<Args>]: TypedArgument<
    Exclude<PlainValues<Args>[Name], undefined>,
    IsOptional<Args, Name> extends true ? false : true
  >;
};

/**
 * The arguments that were filled in by default are listed in this input, as the vendors' providers do: so that a
 * state can be carried from one to the other.
 */
const DEFAULTS = "__defaults";

/** Names of the arguments that a provider filled in. */
export function defaultedArguments(inputs: Values): string[] {
  const names = inputs[DEFAULTS];
  return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/** Inputs without what providers keep for themselves. */
export function withoutInternals(inputs: Values): Values {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}

/**
 * Checks what a program gave, and fills in defaults.
 *
 * @param generated arguments made up by the provider, such as an automatic name
 */
export function checkArguments(
  schema: Readonly<Record<string, Argument>>,
  news: Values,
  generated: Values = {},
): { inputs: Values; failures: CheckFailure[] } {
  const given = withoutInternals(news);
  const inputs: Values = {};
  const failures: CheckFailure[] = Object.keys(given)
    .filter((name) => !(name in schema))
    .map((name) => ({
      property: name,
      reason: `Invalid or unknown key; write ${listed(Object.keys(schema))}`,
    }));
  const defaulted: string[] = [];
  for (const [name, argument] of Object.entries(schema)) {
    const value = given[name] ?? undefined;
    if (value !== undefined) {
      inputs[name] = coerced(argument, value);
      const reason = problem(name, argument, inputs[name]);
      if (reason !== undefined) {
        failures.push({ property: name, reason });
      }
    } else {
      const filled = generated[name] ?? argument.default;
      if (filled !== undefined) {
        inputs[name] = filled;
        defaulted.push(name);
      } else if (argument.required) {
        const reason = `Missing required argument. The argument "${name}" is required, but was not set.`;
        failures.push({ property: name, reason });
      }
    }
  }
  return { inputs: { ...inputs, [DEFAULTS]: defaulted.sort() }, failures };
}

/** Programs in languages without types, and configuration files, give numbers and booleans as strings. */
function coerced(argument: Argument, value: unknown): unknown {
  if (argument.type === "boolean" && (value === "true" || value === "false")) {
    return value === "true";
  }
  if (
    argument.type === "number" &&
    typeof value === "string" &&
    value.trim() !== "" &&
    isFinite(Number(value))
  ) {
    return Number(value);
  }
  return value;
}

function problem(name: string, argument: Argument, value: unknown): string | undefined {
  if (value === UNKNOWN) {
    return undefined;
  }
  if (argument.type === "map" ? !isMapOfStrings(value) : typeof value !== argument.type) {
    const wanted = argument.type === "map" ? "map of strings" : argument.type;
    return `expected ${name} to be a ${wanted}, got ${described(value)}`;
  }
  if (argument.oneOf && !argument.oneOf.includes(value)) {
    return `expected ${name} to be one of ${listed(argument.oneOf)}, got ${described(value)}`;
  }
  if (argument.minimum !== undefined && (value as number) < argument.minimum) {
    return `expected ${name} to be at least ${argument.minimum}, got ${described(value)}`;
  }
  return undefined;
}

function isMapOfStrings(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((item) => typeof item === "string" || item === UNKNOWN)
  );
}

/** Strings may be secret, so only their type is told, except where few are allowed anyway. */
function described(value: unknown): string {
  return typeof value === "string"
    ? "another string"
    : Array.isArray(value)
      ? "an array"
      : `a ${typeof value}`;
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
