import { UNKNOWN, type CheckFailure, type Values } from "../../../provider/definition";
import type { IsOptional, PlainValues } from "./plainValues";

type Kind = "string" | "number" | "boolean" | "map" | "list" | "set" | "object";

type KindOf<T> = T extends string
  ? "string"
  : T extends number
    ? "number"
    : T extends boolean
      ? "boolean"
      : T extends readonly unknown[]
        ? "list" | "set"
        : T extends Readonly<Record<string, string>>
          ? "map"
          : "object";

/** What an argument may be. */
export interface Argument {
  /** `map`, `list`, `set`: of strings; the order of a set means nothing. `object`: has `fields`. */
  type: Kind;
  /** The arguments inside of an object. */
  fields?: Readonly<Record<string, Argument>>;
  required: boolean;
  /** Filled in when the program gives none. */
  default?: unknown;
  /** The values that are allowed. Default: all. */
  oneOf?: readonly unknown[];
  /** The least value that is allowed. Default: any. */
  minimum?: number;
  /** Whether it is a path, at whose ends slashes mean nothing. Default: false. */
  path?: boolean;
  /** Brings a string into the one form in which it is compared and stored. It must not fail. Default: as it is. */
  normal?: (text: string) => string;
  /** Whether the server chooses a value where the program gives none. Default: false. */
  computed?: boolean;
  /** Whether the resource is replaced when it changes. Default: false. */
  replaces?: boolean;
}

/** An argument whose type, default, and whether it is required have to fit what the SDK declares. */
type TypedArgument<T, Required extends boolean> = Argument & {
  type: KindOf<T>;
  required: Required;
  default?: T;
  oneOf?: readonly T[];
} & (KindOf<T> extends "object" ? { fields: Arguments<T> } : { fields?: never });

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

/** Values in the form in which they are compared and stored. */
export function normalized(schema: Readonly<Record<string, Argument>>, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const argument = schema[name];
      return [name, argument ? coerced(argument, value) : value];
    }),
  );
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
  if (argument.path === true && typeof value === "string") {
    return value.replace(/^\/+|\/+$/g, "");
  }
  if (argument.type === "set" && isListOfStrings(value) && !value.includes(UNKNOWN)) {
    return [...new Set(value)].sort();
  }
  if (argument.normal && typeof value === "string") {
    return argument.normal(value);
  }
  return argument.fields && isObject(value) ? normalized(argument.fields, value) : value;
}

function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isListOfStrings(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string" || item === UNKNOWN);
}

function fits(type: Kind, value: unknown): boolean {
  if (type === "map") return isMapOfStrings(value);
  if (type === "object") return isObject(value);
  return type === "list" || type === "set" ? isListOfStrings(value) : typeof value === type;
}

const WANTED: Partial<Record<Kind, string>> = {
  map: "map of strings",
  list: "list of strings",
  set: "list of strings",
};

function problem(name: string, argument: Argument, value: unknown): string | undefined {
  if (value === UNKNOWN) {
    return undefined;
  }
  if (!fits(argument.type, value)) {
    return `expected ${name} to be a ${WANTED[argument.type] ?? argument.type}, got ${described(value)}`;
  }
  if (argument.oneOf && !argument.oneOf.includes(value)) {
    return `expected ${name} to be one of ${listed(argument.oneOf)}, got ${described(value)}`;
  }
  if (argument.minimum !== undefined && (value as number) < argument.minimum) {
    return `expected ${name} to be at least ${argument.minimum}, got ${described(value)}`;
  }
  return argument.fields && problemInside(name, argument.fields, value as Values);
}

/** The first mistake among the fields of an object. */
function problemInside(
  path: string,
  fields: Readonly<Record<string, Argument>>,
  values: Values,
): string | undefined {
  const unknown = Object.keys(values).find((name) => !(name in fields));
  if (unknown !== undefined) {
    return `${path}.${unknown} is not known; write ${listed(Object.keys(fields))}`;
  }
  return Object.entries(fields)
    .filter(([name]) => values[name] != null)
    .map(([name, field]) => problem(`${path}.${name}`, field, values[name]))
    .find((reason) => reason !== undefined);
}

function isMapOfStrings(value: unknown): boolean {
  return (
    isObject(value) && Object.values(value).every((item) => typeof item === "string" || item === UNKNOWN)
  );
}

/** Strings may be secret, so only their type is told, except where few are allowed anyway. */
function described(value: unknown): string {
  return typeof value === "string"
    ? "another string"
    : Array.isArray(value)
      ? "an array"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value}`;
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(", ");
}
