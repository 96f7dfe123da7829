/** What a script's own text tells of its variables. */
import type { ShellCommand } from "./shellScript";

/** Variable -> every value that the text gives it. */
export type Variables = ReadonlyMap<string, readonly string[]>;

/** A word with several variables has at most so many values. */
const MOST_VALUES = 64;
const ASSIGNMENT = /^([A-Za-z_]\w*)\+?=([^]*)$/;
/** Words before which a command may begin. */
const OPENERS = new Set(["if", "then", "else", "elif", "do", "while", "until", "!", "{"]);
const DECLARERS = new Set(["export", "local", "readonly", "declare", "typeset"]);
/** `$NAME`, `${NAME}`, `${NAME[@]}` and `${NAME:-default}`. */
const REFERENCE = /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:\[[@*]\])?(?::?-([^{}]*))?\})/;

/**
 * Variables of a script: those that it is given, and those that it sets, loops with `for` included.
 *
 * @param given values from outside, such as a container's environment
 */
export function scriptVariables(commands: readonly ShellCommand[], given: Variables = new Map()): Variables {
  const variables = new Map<string, string[]>([...given].map(([name, values]) => [name, [...values]]));
  const add = (name: string, values: readonly string[]): void => {
    const known = variables.get(name) ?? [];
    variables.set(name, [...new Set([...known, ...values])].slice(0, MOST_VALUES));
  };
  for (const { words } of commands) {
    const begin = words.findIndex((word) => !OPENERS.has(word));
    const [first = "", ...rest] = words.slice(Math.max(begin, 0));
    const [variable, preposition, ...elements] = rest;
    if (first === "for" && variable !== undefined && preposition === "in")
      add(
        variable,
        elements.flatMap((word) => expandWord(word, variables).flatMap(splitWords)),
      );
    for (const word of DECLARERS.has(first) ? rest : [first, ...rest]) {
      const [, name, value = ""] = ASSIGNMENT.exec(word) ?? [];
      if (name === undefined) break;
      add(name, expandWord(value, variables));
    }
  }
  return variables;
}

/** What a word may be: one text for each value of its variables. Variables without a known value stay as they are. */
export function expandWord(word: string, variables: Variables): string[] {
  const reference = REFERENCE.exec(word);
  if (reference === null) return [word];
  const [written, plain, braced, fallback] = reference;
  const before = word.slice(0, reference.index);
  const after = expandWord(word.slice(reference.index + written.length), variables);
  const known = variables.get(plain ?? braced ?? "") ?? [];
  const values = known.length > 0 ? known : [fallback ?? written];
  return values.flatMap((value) => after.map((rest) => before + value + rest)).slice(0, MOST_VALUES);
}

/** Words of a text as the shell splits it. */
export function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
