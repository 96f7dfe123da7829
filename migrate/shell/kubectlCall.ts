/** A call of kubectl in a command: verb, operands and flags apart. */
import type { ShellCommand } from "./shellScript";

/** A call of kubectl. */
export interface KubectlCall {
  readonly command: ShellCommand;
  /** Its operands: the verb, then what it is about. */
  readonly operands: readonly string[];
  /** Flag without dashes, `-n` and `-f` and `-o` under their long names -> values; a switch has none. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

const PROGRAM = /^(?:.*\/)?(?:kubectl|oc)$/;
/** Programs whose words are only printed, looked up or installed. */
const TALKERS = new Set([
  "echo",
  "printf",
  "which",
  "command",
  "type",
  "apt-get",
  "apk",
  "yum",
  "dnf",
  "brew",
]);
const LONG_NAMES: Readonly<Record<string, string>> = {
  n: "namespace",
  f: "filename",
  o: "output",
  l: "selector",
};
/** Flags of kubectl that take no value in the next word. */
const SWITCHES = new Set([
  ...["A", "R", "w", "q", "i", "all-namespaces", "allow-missing-template-keys", "append-hash", "dry-run"],
  ...["export", "force", "force-conflicts", "ignore-not-found", "insecure-skip-tls-verify", "no-headers"],
  ...["overwrite", "record", "recursive", "save-config", "server-side", "show-labels", "validate", "wait"],
  ...["all", "now", "prune", "watch"],
]);

/** The call of kubectl in a command, also behind others such as `xargs` or `if !`. Undefined: there is none. */
export function kubectlCall(command: ShellCommand): KubectlCall | undefined {
  const { words } = command;
  const program = words.findIndex((word) => PROGRAM.test(word));
  if (program < 0 || words.slice(0, program).some((word) => TALKERS.has(word))) return undefined;
  const operands: string[] = [];
  const flags = new Map<string, string[]>();
  const rest = words.slice(program + 1);
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const [, long, short, attached] = /^(?:--([\w-]+)|-([A-Za-z]))(?:=?([^]+))?$/.exec(word) ?? [];
    if (long === undefined && short === undefined) {
      operands.push(word);
      continue;
    }
    const letter = short ?? "";
    const name = long ?? LONG_NAMES[letter] ?? letter;
    const value = attached ?? (SWITCHES.has(name) ? undefined : rest.shift());
    flags.set(name, [...(flags.get(name) ?? []), ...(value === undefined ? [] : [value])]);
  }
  return { command, operands, flags };
}

/** Names of the Secrets that a call is about, after its verb; undefined: it is about something else. */
export function secretOperands({ operands }: KubectlCall): readonly string[] | undefined {
  const [, resource = "", ...names] = operands;
  const [, kind, name] = /^([^/]+)(?:\/([^]*))?$/.exec(resource) ?? [];
  if (kind === undefined || !/^(?:secrets?|secrets?\.v1\.?)$/.test(kind)) return undefined;
  return name === undefined ? names : [name, ...names].map((operand) => operand.replace(/^secrets?\//, ""));
}
