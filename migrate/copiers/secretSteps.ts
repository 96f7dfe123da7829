/** Finds in a shell script what copies Secrets with kubectl, or makes them. Pure: text in, no value out. */
import { kubectlCall, KubectlCall, secretOperands } from "../shell/kubectlCall";
import { readShell, ShellCommand, shownWord } from "../shell/shellScript";
import { expandWord, scriptVariables, splitWords, Variables } from "../shell/variables";

/** A place in a script that copies a Secret, or makes one. */
export interface SecretStep {
  readonly how: "copies" | "creates";
  /** From 1. */
  readonly line: number;
  /** Names of Secrets; with a `$` in it where the text does not tell the value of a variable. Empty: it tells none. */
  readonly secrets: readonly string[];
  /** Namespaces that are read, in the same way. */
  readonly from: readonly string[];
  /** Namespaces that are written. */
  readonly to: readonly string[];
}

/** What is known from outside of a script. */
interface ScriptSurroundings {
  readonly variables?: Variables;
  /** The namespace in which kubectl works when it is told none. */
  readonly namespace?: string;
}

/** Scripts in words of scripts, at most. */
const DEEPEST = 4;

/** Commands of one pipeline, and what kubectl does in it. */
interface Pipeline {
  commands: ShellCommand[];
  /** Reads of whole Secrets, or of values in them. */
  reads: KubectlCall[];
  creates: KubectlCall[];
  /** Other writes: `apply`, `create -f`, `replace`, `patch secret`. */
  writes: KubectlCall[];
}

/**
 * The places of a script that copy Secrets or make them.
 *
 * @returns undefined when the script's quotes do not match, so that it cannot be read as a whole
 */
export function secretSteps(text: string, surroundings: ScriptSurroundings = {}): SecretStep[] | undefined {
  const { commands, isWhole } = readShell(text);
  return isWhole ? stepsOf(commands, surroundings, 0) : undefined;
}

/** The same for commands that were taken apart already. */
export function stepsOf(
  commands: readonly ShellCommand[],
  surroundings: ScriptSurroundings,
  depth = 0,
): SecretStep[] {
  const variables = scriptVariables(commands, surroundings.variables);
  const known = { ...surroundings, variables };
  const pipelines = pipelinesOf(commands);
  const { steps, lostReads, lostWrites } = sorted(pipelines, known);
  // A Secret that went through a file or a variable: it is read in one command and written in another.
  const copied =
    lostReads.length > 0 && lostWrites.length > 0
      ? [
          stepOf(
            "copies",
            lostReads,
            lostWrites,
            commands.filter(({ document }) => document === undefined),
            known,
          ),
        ]
      : lostWrites.filter(isCreation).map((call) => stepOf("creates", [], [call], [call.command], known));
  const inner = depth < DEEPEST ? commands.flatMap((command) => innerSteps(command, known, depth)) : [];
  return [...steps, ...copied, ...inner].sort((one, other) => one.line - other.line);
}

function sorted(pipelines: readonly Pipeline[], known: ScriptSurroundings & { variables: Variables }) {
  const steps: SecretStep[] = [];
  const lostReads: KubectlCall[] = [];
  const lostWrites: KubectlCall[] = [];
  for (const { commands, reads, creates, writes } of pipelines) {
    if (reads.length > 0 && creates.length + writes.length > 0) {
      steps.push(stepOf("copies", reads, [...creates, ...writes], commands, known));
    } else if (creates.length > 0 && writes.length > 0) {
      // `create --dry-run -o yaml | apply`: made once, though written twice.
      steps.push(stepOf("creates", [], [...creates, ...writes], commands, known));
    } else if (writes.length > 0 && commands.some(holdsSecretManifest)) {
      steps.push(stepOf("creates", [], writes, commands, known));
    } else {
      lostReads.push(...reads.filter(showsContent));
      lostWrites.push(...creates, ...writes.filter(isFromFile));
    }
  }
  return { steps, lostReads, lostWrites };
}

function pipelinesOf(commands: readonly ShellCommand[]): Pipeline[] {
  const pipelines = new Map<number, Pipeline>();
  for (const command of commands) {
    const found = pipelines.get(command.pipeline);
    const pipeline = found ?? { commands: [], reads: [], creates: [], writes: [] };
    pipelines.set(command.pipeline, pipeline);
    pipeline.commands.push(command);
    const call = kubectlCall(command);
    if (call === undefined) continue;
    const [verb] = call.operands;
    const isOfSecrets = secretOperands(call) !== undefined;
    if (verb === "get" && isOfSecrets) pipeline.reads.push(call);
    else if (isCreation(call)) pipeline.creates.push(call);
    else if (verb === "patch" && isOfSecrets) pipeline.writes.push(call);
    else if (["apply", "create", "replace"].includes(verb ?? "") && call.flags.has("filename"))
      pipeline.writes.push(call);
  }
  return [...pipelines.values()];
}

function isCreation(call: KubectlCall): boolean {
  return call.operands[0] === "create" && secretOperands(call) !== undefined && !call.flags.has("filename");
}

/** Whether more comes out than names: only then something is copied. */
function showsContent({ flags }: KubectlCall): boolean {
  const [format = ""] = flags.get("output") ?? [];
  return /^(?:yaml|json|jsonpath|go-template|template)/.test(format) || flags.has("template");
}

function isFromFile({ operands, flags }: KubectlCall): boolean {
  const files = flags.get("filename") ?? [];
  return operands[0] === "patch" || files.some((file) => !/^https?:/.test(file));
}

function holdsSecretManifest({ document }: ShellCommand): boolean {
  return document !== undefined && /^\s*["']?kind["']?:\s*["']?Secret\b/m.test(document);
}

function stepOf(
  how: SecretStep["how"],
  reads: readonly KubectlCall[],
  writes: readonly KubectlCall[],
  commands: readonly ShellCommand[],
  { variables, namespace }: ScriptSurroundings & { variables: Variables },
): SecretStep {
  const own = namespace === undefined ? [] : [namespace];
  const names = (words: readonly string[]): string[] => namesOf(words, variables);
  const read = reads.flatMap((call) => names(secretOperands(call) ?? []));
  const made = writes.flatMap((call) =>
    isCreation(call) ? names((secretOperands(call) ?? []).slice(1, 2)) : names(secretOperands(call) ?? []),
  );
  const documents = commands.flatMap(({ document }) => document ?? []);
  const declared = names(documents.flatMap((document) => fieldsOf(document, "name").slice(0, 1)));
  const told = names(writes.flatMap(({ flags }) => flags.get("namespace") ?? []));
  const edited = names([
    ...commands.flatMap(editedNamespaces),
    ...documents.flatMap((text) => fieldsOf(text, "namespace")),
  ]);
  const target = told.length > 0 ? told : edited;
  const source = names(reads.flatMap(({ flags }) => flags.get("namespace") ?? []));
  const secrets = read.length > 0 ? read : [...made, ...declared];
  const line = Math.min(...[...reads, ...writes].map(({ command }) => command.line));
  return {
    how,
    line,
    secrets: unique(secrets),
    from: reads.length === 0 ? [] : unique(source.length > 0 ? source : own),
    to: unique(target.length > 0 ? target : own),
  };
}

/** Namespaces that sed, jq or yq put into a manifest on its way. */
function editedNamespaces({ words }: ShellCommand): string[] {
  return words.slice(1).flatMap((word) => {
    if (/^\s*(?:kubectl|oc)\b/.test(word)) return [];
    const substituted = /^.*\bnamespace["']?:\s*["']?([^\s"'/|#,;]+)/s.exec(word)?.[1];
    const assigned = /\.metadata\.namespace\s*\|?=\s*"?([^\s"|,;)]+)/.exec(word)?.[1];
    const argument = shownWord(assigned ?? "").replace(/^\$/, "");
    const given = words.findIndex((flag, index) => flag === "--arg" && words[index + 1] === argument);
    const value = given >= 0 ? words[given + 2] : (assigned ?? substituted);
    return value === undefined ? [] : [value];
  });
}

function fieldsOf(document: string, field: string): string[] {
  const pattern = new RegExp(`^\\s*${field}:\\s*["']?([^\\s"'#]+)`, "gm");
  return [...document.matchAll(pattern)].flatMap(([, value]) => value ?? []);
}

/** Parts of names: characters, variables of the shell and of a CI file, and what a command prints. */
const NAME = /^(?:[a-z0-9.-]|\$\{?[A-Za-z0-9_]+\}?|\$\{\{[\w.-]*\}\}|\$\(\.\.\.\)){1,253}$/;

/** Names as far as the text tells. What is neither a name nor made of variables is not shown: it may be anything. */
function namesOf(words: readonly string[], variables: Variables): string[] {
  return words
    .map((word) => word.replaceAll(/\$\{\{\s*([\w.-]+)\s*\}\}/g, "${{$1}}"))
    .flatMap((word) => expandWord(word, variables))
    .flatMap((text) => {
      const names = splitWords(shownWord(text));
      return names.every((name) => NAME.test(name)) ? names : [];
    });
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Steps of a script that is a word of a command, as in `bash -c '...'` and `ssh host '...'`. */
function innerSteps(command: ShellCommand, known: ScriptSurroundings, depth: number): SecretStep[] {
  const [program = "", ...rest] = command.words;
  if (/^(?:echo|printf)$/.test(program)) return [];
  return rest
    .filter((word) => /\b(?:kubectl|oc)\s/.test(word) && !/^[A-Za-z_]\w*=/.test(word))
    .flatMap((word) => stepsOf(readShell(shownWord(word)).commands, known, depth + 1))
    .map((step) => ({ ...step, line: step.line + command.line - 1 }));
}
