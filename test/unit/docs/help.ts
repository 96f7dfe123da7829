/** What a command's `--help` says that it takes. */
export interface Help {
  /** The usage line, such as `rotate [options] <config>`. */
  usage: string;
  /** Every flag, and whether it takes a value, which may stand in the next word. */
  flags: ReadonlyMap<string, boolean>;
}

/** Reads the help of the programs that the documentation calls: those of commander, cobra, kubectl and mocha. */
export function parseHelp(text: string): Help {
  const flags = new Map<string, boolean>();
  for (const line of text.split("\n")) {
    // What stands before the description: `-s, --stack <name>`, `-j, --json`, `--timeout=30s:`, `--overwrite=false:`
    // Further in, a description goes on.
    const [, head] = /^ {2,8}(-.*?)(?:\s{2,}|:?\s*$)/.exec(line) ?? [];
    if (head === undefined) continue;
    const names = head.match(/(?<![\w-])--?[A-Za-z][\w-]*/g) ?? [];
    const value = /[\w-](?:=|\s)([^\s-]\S*)$/.exec(head)?.[1];
    const takesValue = value !== undefined && !/^(?:true|false)$|\[=/.test(value);
    for (const name of names) flags.set(name, takesValue);
  }
  return { usage: /^Usage:\s+(.+)$/m.exec(text)?.[1] ?? "", flags };
}

/**
 * Compares a call with the help of what is called: its flags, and where the usage line is plain enough, the number
 * of its arguments.
 *
 * @param program words that the usage line begins with, and the call as well
 * @param words the call's words after those
 * @returns what is wrong; undefined: nothing
 */
export function mistakeInCall(
  { usage, flags }: Help,
  program: readonly string[],
  words: readonly string[],
): string | undefined {
  const values: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") break;
    if (!/^-./.test(word)) {
      values.push(word);
      continue;
    }
    const [flag = "", attached] = word.split("=", 2);
    const takesValue = flags.get(flag);
    if (takesValue === undefined)
      return `there is no flag ${flag}; there are ${[...flags.keys()].join(", ")}`;
    if (takesValue && attached === undefined && rest.shift() === undefined) return `${flag} has no value`;
  }
  return mistakeInArguments(usage, program, [...values, ...rest]);
}

function mistakeInArguments(
  usage: string,
  program: readonly string[],
  values: readonly string[],
): string | undefined {
  if (usage.includes("(")) return undefined;
  const described = usage.split(/\s+/);
  // Some write a parameter in angle brackets, some in capitals.
  const subcommand = described.filter((word) => !/[[\]<>]|^[A-Z]+$/.test(word)).slice(program.length);
  if (subcommand.some((word, index) => values[index] !== word)) return `it is not "${usage}"`;
  const parameters = described.filter((word) => /^<|^[A-Z]+$|^\[(?!options|flags|command|--\])/.test(word));
  const count = values.length - subcommand.length;
  const least = parameters.filter((parameter) => !parameter.startsWith("[")).length;
  const isUnbounded = parameters.some((parameter) => /\.\.|s\]$/.test(parameter));
  if (count >= least && (isUnbounded || count <= parameters.length)) return undefined;
  return `it has ${count} arguments, and its usage is "${usage}"`;
}
