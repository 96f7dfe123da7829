/* eslint-disable @typescript-eslint/no-deprecated -- programs may still use the old argument `number` */

import { randomInt } from "node:crypto";

import type { RandomStringArgs } from "@pulumi/random";

import { UNKNOWN, type CheckFailure } from "../../../../provider/definition";
import type { Arguments } from "../arguments";
import type { PlainValues } from "../plainValues";

/** What a random string or password is made of: the SDK declares the same arguments for both. */
export type CharacterArgs = PlainValues<RandomStringArgs>;

export const characterArguments: Arguments<RandomStringArgs> = {
  length: { type: "number", required: true, minimum: 1 },
  lower: { type: "boolean", required: false, default: true },
  upper: { type: "boolean", required: false, default: true },
  number: { type: "boolean", required: false },
  numeric: { type: "boolean", required: false },
  special: { type: "boolean", required: false, default: true },
  minLower: { type: "number", required: false, default: 0, minimum: 0 },
  minUpper: { type: "number", required: false, default: 0, minimum: 0 },
  minNumeric: { type: "number", required: false, default: 0, minimum: 0 },
  minSpecial: { type: "number", required: false, default: 0, minimum: 0 },
  overrideSpecial: { type: "string", required: false },
  keepers: { type: "map", required: false },
};

/** `number` is the old name of `numeric`: each follows the other. */
export function digitsWanted({
  number,
  numeric,
}: Pick<CharacterArgs, "number" | "numeric">): Pick<CharacterArgs, "number" | "numeric"> {
  const wanted = numeric ?? number ?? true;
  return { number: wanted, numeric: wanted };
}

/** What is wrong with the arguments together. */
export function characterFailures(args: CharacterArgs): CheckFailure[] {
  if (Object.values(args).some((value) => (value as unknown) === UNKNOWN)) {
    return [];
  }
  const failures: CheckFailure[] = [];
  if (args.number !== args.numeric) {
    const reason = "number and numeric have different values; write numeric alone";
    failures.push({ property: "number", reason });
  }
  const least = classes(args).reduce((sum, { minimum }) => sum + minimum, 0);
  if (args.length < least) {
    const reason = `expected length to be at least ${least}, the sum of the minimums, got ${args.length}`;
    failures.push({ property: "length", reason });
  }
  if (!classes(args).some(({ wanted }) => wanted)) {
    const reason = "one of lower, upper, numeric and special has to be true";
    failures.push({ property: "special", reason });
  }
  return failures;
}

interface CharacterClass {
  characters: string;
  wanted: boolean;
  minimum: number;
}

function classes(args: CharacterArgs): CharacterClass[] {
  const { lower = true, upper = true, numeric = true, special = true } = args;
  const { minLower = 0, minUpper = 0, minNumeric = 0, minSpecial = 0 } = args;
  return [
    { characters: "abcdefghijklmnopqrstuvwxyz", wanted: lower, minimum: minLower },
    { characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", wanted: upper, minimum: minUpper },
    { characters: "0123456789", wanted: numeric, minimum: minNumeric },
    { characters: args.overrideSpecial || "!@#$%&*()-_=+[]{}<>:?", wanted: special, minimum: minSpecial },
  ];
}

/** Draws characters, each class's minimum of it first, and shuffles them; from a cryptographic generator. */
export function randomCharacters(args: CharacterArgs): string {
  const drawn = classes(args).flatMap(({ characters, minimum }) => draw(Array.from(characters), minimum));
  const all = classes(args).flatMap(({ characters, wanted }) => (wanted ? Array.from(characters) : []));
  return shuffle([...drawn, ...draw(all, args.length - drawn.length)]).join("");
}

function draw(characters: readonly string[], count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other] ?? "", items[last] ?? ""];
  }
  return items;
}
