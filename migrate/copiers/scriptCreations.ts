/** Finds in shell scripts, CI files and whatever else is text where Secrets are made or copied with kubectl. Pure. */
import { isScalar, LineCounter, parseAllDocuments, Scalar, visit } from "yaml";
import { TextFile } from "../inventory/textFiles";
import { readShell } from "../shell/shellScript";
import { scriptVariables } from "../shell/variables";
import { secretSteps, SecretStep, stepsOf } from "./secretSteps";

/** A place where a Secret is made or copied by hand. */
export interface ScriptCreation {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly how: SecretStep["how"];
  /** As in {@link SecretStep}. */
  readonly secrets: readonly string[];
  readonly namespaces: readonly string[];
}

const KUBECTL = /\b(?:kubectl|oc)\b/;

/** Every place in these files, by file and line. */
export function scriptCreations(files: readonly TextFile[]): ScriptCreation[] {
  return files
    .filter(({ text }) => KUBECTL.test(text))
    .flatMap(({ file, text }) => {
      const steps = stepsOfFile(file, text);
      const byLine = new Map(steps.map((step) => [step.line, step]));
      return [...byLine.values()]
        .sort((one, other) => one.line - other.line)
        .map(({ line, how, secrets, to }) => ({ file, line, how, secrets, namespaces: to }));
    });
}

function stepsOfFile(file: string, text: string): SecretStep[] {
  if (/\.ya?ml$/.test(file)) return yamlSteps(text) ?? lineSteps(text);
  const isShell = /\.(?:sh|bash|zsh|ksh|bats|envrc)$/.test(file) || /^#!.*\b(?:ba|da|k|z)?sh\b/.test(text);
  return (isShell ? secretSteps(text) : undefined) ?? lineSteps(text);
}

/** Each text of a YAML file by itself. Undefined: it is no plain YAML, such as a template. */
function yamlSteps(text: string): SecretStep[] | undefined {
  const lines = new LineCounter();
  const documents = [
    ...parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, logLevel: "silent" }),
  ];
  if (documents.some(({ errors }) => errors.length > 0)) return undefined;
  const steps: SecretStep[] = [];
  for (const document of documents) {
    visit(document, {
      Scalar: (_, scalar) => {
        if (!isScalar(scalar) || typeof scalar.value !== "string" || !KUBECTL.test(scalar.value)) return;
        const lineOf = scalarLines(scalar, text, lines);
        steps.push(
          ...(secretSteps(scalar.value) ?? lineSteps(scalar.value)).map((step) => ({
            ...step,
            line: lineOf(step.line),
          })),
        );
      },
    });
  }
  return steps;
}

/** Where a line of a text stands in its file. Lines that YAML folds are found by the calls in them. */
function scalarLines(scalar: Scalar, text: string, lines: LineCounter): (line: number) => number {
  const [start = 0, end = 0] = scalar.range ?? [];
  const first = lines.linePos(start).line;
  if (scalar.type === "BLOCK_LITERAL") return (line) => first + line;
  const value = String(scalar.value).split("\n");
  const calls = text
    .slice(start, end)
    .split("\n")
    .flatMap((line, index) => (KUBECTL.test(line) ? [first + index] : []));
  return (line) => calls[value.slice(0, line - 1).filter((before) => KUBECTL.test(before)).length] ?? first;
}

/**
 * Each line by itself, with those that a backslash continues: files that are no shell script as a whole, such as a
 * Makefile, a Jenkinsfile or a template, have quotes of their own.
 */
function lineSteps(text: string): SecretStep[] {
  const logical: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [index, content] of text.replaceAll("\r\n", "\n").split("\n").entries()) {
    open = { line: open?.line ?? index + 1, text: open === undefined ? content : `${open.text}\n${content}` };
    if (content.endsWith("\\")) continue;
    logical.push(open);
    open = undefined;
  }
  if (open !== undefined) logical.push(open);
  const assigned = logical.flatMap(({ text: line }) =>
    /^\s*(?:export\s+)?[A-Za-z_]\w*=/.test(line) ? readShell(line).commands : [],
  );
  const variables = scriptVariables(assigned);
  return logical.flatMap((entry) => {
    // A list of words in another language is a command too.
    const plain = entry.text.replaceAll(/["'],\s*["']/g, " ").replace(/["']\][^"']*$/, "");
    const call = KUBECTL.exec(plain);
    if (call === null || /^\s*(?:#|\/\/|\*)/.test(plain)) return [];
    const offset = plain.slice(0, call.index).split("\n").length - 1;
    const { commands } = readShell(plain.slice(call.index));
    return stepsOf(commands, { variables }).map((step) => ({
      ...step,
      line: step.line + entry.line + offset - 1,
    }));
  });
}
