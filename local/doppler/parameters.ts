import { badRequest } from "./errors";

/** How many entries a page of a list has when the call does not say: Doppler's default. */
const DEFAULT_PAGE_SIZE = 20;

/** One page of a list, counted from 1. */
export interface Page {
  page: number;
  perPage: number;
}

/**
 * The arguments of a call. Doppler takes each from the query or from the JSON body, whatever the method:
 * the Terraform provider sends project and config in the body of a DELETE, the CLI sends them in the query.
 * Where both name the same argument, the body's wins.
 */
export class Parameters {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(query: unknown, body: unknown) {
    this.#values = { ...asRecord(query), ...asRecord(body) };
  }

  /** All arguments as they came, for a schema to check. */
  get values(): Readonly<Record<string, unknown>> {
    return this.#values;
  }

  /** An argument that is a text. An empty text counts as not given, as the CLI sends one for a flag not set. */
  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") {
      return undefined;
    }
    if (typeof value !== "string") {
      throw badRequest(`'${name}' must be a string`);
    }
    return value;
  }

  /** An argument that must be there. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) {
      throw badRequest(`You must specify a ${name}`);
    }
    return value;
  }

  /** An argument that is true or false, as JSON or as a text of the query. */
  flag(name: string, whenAbsent: boolean): boolean {
    const value = this.#values[name];
    if (value === undefined || value === null || value === "") {
      return whenAbsent;
    }
    if (value === true || value === "true") {
      return true;
    }
    if (value === false || value === "false") {
      return false;
    }
    throw badRequest(`'${name}' must be true or false`);
  }

  /** A comma-separated list of names, or undefined when the argument is not given. */
  names(name: string): string[] | undefined {
    return this.text(name)
      ?.split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
  }

  /** Which page of a list is asked for. */
  page(): Page {
    return { page: this.#count("page", 1), perPage: this.#count("per_page", DEFAULT_PAGE_SIZE) };
  }

  #count(name: string, whenAbsent: number): number {
    const value = this.#values[name] ?? whenAbsent;
    const count = typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value;
    if (typeof count !== "number" || !Number.isInteger(count) || count < 1) {
      throw badRequest(`'${name}' must be a whole number from 1`);
    }
    return count;
  }
}

/** The entries of a page. */
export function pageOf<Entry>(entries: readonly Entry[], { page, perPage }: Page): Entry[] {
  return entries.slice((page - 1) * perPage, page * perPage);
}

function asRecord(value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) {
    return {};
  }
  if (typeof value !== "object" || Array.isArray(value)) {
    throw badRequest("The request body must be a JSON object");
  }
  return value as Record<string, unknown>;
}
