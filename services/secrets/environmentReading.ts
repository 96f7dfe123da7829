import { z } from "zod";
import { kindOf, MistakesError, type Mistake } from "./mistakes";

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Bounds of a number. */
interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Where the variable is not set. */
  readonly usual: number;
}

/** Reads variables, and collects what is wrong with them. No value of a variable is ever part of a message. */
export class EnvironmentReading {
  private readonly mistakes: Mistake[] = [];

  constructor(private readonly environment: Environment) {}

  /** Undefined: not set, or empty. */
  optional(name: string): string | undefined {
    const value = this.environment[name];
    return value === "" ? undefined : value;
  }

  text(name: string, usual: string): string {
    return this.optional(name) ?? usual;
  }

  /** @returns an empty text when it is missing, and a mistake is noted */
  required(name: string, remedy: string): string {
    const value = this.optional(name);
    if (value === undefined) this.refuse(name, "nothing", remedy);
    return value ?? "";
  }

  /** A text of a form; what has another one is a mistake, and the usual one is given in its place. */
  value(name: string, schema: z.ZodType<string>, usual: string, remedy: string): string {
    const read = schema.safeParse(this.text(name, usual));
    if (!read.success) this.refuse(name, kindOf(this.optional(name)), remedy);
    return read.data ?? usual;
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[], usual: Choice): Choice {
    const found = choices.find((choice) => choice === this.text(name, usual));
    if (found === undefined) this.refuse(name, kindOf(this.optional(name)), choices.join(" or "));
    return found ?? usual;
  }

  /** A whole number, unless a unit of seconds is read. */
  number(name: string, { least, most, usual, unit }: Bounds & { unit: string }): number {
    const schema = z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number)
      .pipe(z.number().min(least).max(most));
    const read = schema.safeParse(this.text(name, String(usual)));
    if (!read.success) {
      this.refuse(name, kindOf(this.optional(name)), `a whole number (${unit}) from ${least} to ${most}`);
    }
    return read.data ?? usual;
  }

  /** Seconds, which may have decimals, as milliseconds. */
  milliseconds(name: string, { least, most, usual }: Bounds): number {
    const schema = z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,3})?$/)
      .transform(Number)
      .pipe(z.number().min(least).max(most));
    const read = schema.safeParse(this.text(name, String(usual)));
    if (!read.success) {
      this.refuse(name, kindOf(this.optional(name)), `a number of seconds from ${least} to ${most}`);
    }
    return (read.data ?? usual) * 1_000;
  }

  /** Names with commas between them. */
  list(name: string): string[] {
    return (this.optional(name) ?? "")
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "");
  }

  refuse(place: string, found: string, remedy: string): void {
    this.mistakes.push({ place, found, remedy });
  }

  /** @throws MistakesError when there is any mistake */
  finish(): void {
    if (this.mistakes.length > 0) throw new MistakesError(this.mistakes, "the environment");
  }
}
