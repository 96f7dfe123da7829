/**
 * Takes shell scripts apart, as far as finding calls of kubectl needs it: quotes, comments, pipes, lists, here
 * documents, substitutions, arrays. Nothing is run.
 */

/** One simple command. */
export interface ShellCommand {
  /** Line of its first word, from 1. */
  readonly line: number;
  /** Its words without quotes, assignments before it too, redirections taken away; at least one. */
  readonly words: readonly string[];
  /** The same for all commands of one pipeline, and for those in substitutions of it. */
  readonly pipeline: number;
  /** Text of its here document. */
  readonly document?: string;
}

/** A script that was read. */
interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** False: a quote or a bracket has no end, so that what was read is not to be relied on. */
  readonly isWhole: boolean;
}

/** Stands for a dollar sign between single quotes or after a backslash, which begins no variable. */
const LITERAL_DOLLAR = "\uE000";
/** Stands in a word for what a command in it prints. */
const SUBSTITUTION = "\uE001";
/** Substitutions within substitutions, at most. */
const DEEPEST = 20;

/** A word as people write it. */
export function shownWord(word: string): string {
  return word.replaceAll(LITERAL_DOLLAR, "$").replaceAll(SUBSTITUTION, "$(...)");
}

/** Reads a script. */
export function readShell(text: string): ShellScript {
  const reader = new Reader(text.replaceAll("\r\n", "\n"), 1, 0);
  reader.read();
  return reader;
}

class Reader implements ShellScript {
  readonly commands: ShellCommand[] = [];
  isWhole = true;
  private position = 0;
  private words: string[] = [];
  private word: string | undefined;
  private start: number | undefined;
  private isPiped = false;
  private pipeline = 0;
  private document: string | undefined;
  /** Here documents that begin after this line. */
  private pending: { end: string; tabs: boolean }[] = [];

  constructor(
    private readonly text: string,
    private line: number,
    private readonly depth: number,
  ) {}

  read(): void {
    while (this.position < this.text.length) this.step();
    this.endCommand(false);
  }

  private step(): void {
    const rest = this.text.slice(this.position, this.position + 200);
    const character = rest.charAt(0);
    if (rest.startsWith("\\\n")) this.advance(2);
    else if (character === "\\") this.append(literal(this.advance(2).slice(1)));
    else if (character === "'") this.append(literal(this.through("'")));
    else if (character === '"') this.doubleQuoted();
    else if (this.expansion(rest)) return;
    else if (character === "#" && this.word === undefined) this.advance(this.untilLineEnd());
    else if (character === "<" || character === ">") this.redirection(rest);
    else if (character === "\n") this.lineEnd();
    else if (character === "(" && /^\w+\+?=$/.test(this.word ?? "")) this.array();
    else if (/[;&|()]/.test(character)) this.operator(rest);
    else if (/\s/.test(character)) this.endWord(1);
    else this.append(this.advance(1));
  }

  /** Variables and substitutions, which double quotes do not hide. */
  private expansion(rest: string): boolean {
    if (rest.startsWith("$(") || rest.startsWith("<(")) this.substitution("(", ")");
    else if (rest.startsWith("${")) this.append(this.balanced("{", "}"));
    else if (rest.startsWith("`")) this.nested(this.through("`"));
    else return false;
    return true;
  }

  private doubleQuoted(): void {
    this.advance(1);
    this.append("");
    while (this.position < this.text.length && this.text[this.position] !== '"') {
      const rest = this.text.slice(this.position, this.position + 2);
      if (rest.startsWith("\\")) {
        const escaped = this.advance(2).slice(1);
        this.append(/^[$`"\\\n]$/.test(escaped) ? literal(escaped).replace("\n", "") : `\\${escaped}`);
      } else if (rest === "<(" || !this.expansion(rest)) this.append(this.advance(1));
    }
    this.isWhole &&= this.position < this.text.length;
    this.advance(1);
  }

  /** What stands up to the next such quote, which is passed too. */
  private through(quote: string): string {
    const end = this.text.indexOf(quote, this.position + 1);
    this.isWhole &&= end >= 0;
    const passed = this.advance((end < 0 ? this.text.length : end + 1) - this.position);
    return passed.slice(1, end < 0 ? undefined : -1);
  }

  /** What stands up to the bracket that closes the first one, with both and what is before them. */
  private balanced(open: string, close: string): string {
    let depth = 0;
    let end = this.text.indexOf(open, this.position);
    do {
      if (this.text[end] === open) depth += 1;
      if (this.text[end] === close) depth -= 1;
      end += 1;
    } while (depth > 0 && end < this.text.length);
    this.isWhole &&= depth === 0;
    return this.advance(end - this.position);
  }

  private substitution(open: string, close: string): void {
    const line = this.line;
    const inner = this.balanced(open, close);
    this.nested(inner.slice(inner.indexOf(open) + 1, -1), line);
  }

  private nested(text: string, line = this.line): void {
    if (this.depth < DEEPEST) {
      const reader = new Reader(text, line, this.depth + 1);
      reader.read();
      this.isWhole &&= reader.isWhole;
      this.commands.push(...reader.commands.map((command) => ({ ...command, pipeline: this.pipeline })));
    }
    this.append(SUBSTITUTION);
  }

  /** `NAMES=(a b)` has the value of `NAMES="a b"` here. */
  private array(): void {
    const elements = readShell(this.balanced("(", ")").slice(1, -1)).commands.flatMap(({ words }) => words);
    this.append(elements.join(" "));
  }

  private redirection(rest: string): void {
    const [, tabs, , end] = /^<<(-?)\s*(['"\\]?)(\w+)/.exec(rest) ?? [];
    if (/^\d+$/.test(this.word ?? "")) this.word = undefined;
    this.endWord(0);
    if (end !== undefined && !rest.startsWith("<<<")) {
      this.pending.push({ end, tabs: tabs === "-" });
      this.advance(/^<<-?\s*(['"\\]?)\w+\1?/.exec(rest)?.[0].length ?? 2);
      return;
    }
    this.advance(/^(?:<<<|[<>]+[&|]?)\s*/.exec(rest)?.[0].length ?? 1);
    // The word that follows names a file; it is read as words are, and dropped.
    const kept = this.words;
    this.words = [];
    while (this.position < this.text.length && !/[\s;&|()<>]/.test(this.text.charAt(this.position)))
      this.step();
    this.word = undefined;
    this.words = kept;
  }

  private operator(rest: string): void {
    // What stands in brackets is part of the pipeline around it.
    const goesOn = rest.startsWith("(") ? this.isPiped : /^\)?\s*\|(?!\|)/.test(rest);
    this.endCommand(goesOn);
    this.advance(/^(?:\|&|\|\||&&|;;|.)/.exec(rest)?.[0].length ?? 1);
  }

  private lineEnd(): void {
    this.advance(1);
    for (const { end, tabs } of this.pending) {
      const lines: string[] = [];
      while (this.position < this.text.length) {
        const line = this.advance(this.untilLineEnd());
        this.advance(1);
        if ((tabs ? line.replace(/^\t+/, "") : line) === end) break;
        lines.push(line);
      }
      this.document = [this.document ?? "", ...lines].join("\n");
    }
    this.pending = [];
    this.endCommand(false);
  }

  private untilLineEnd(): number {
    const end = this.text.indexOf("\n", this.position);
    return (end < 0 ? this.text.length : end) - this.position;
  }

  private advance(count: number): string {
    const passed = this.text.slice(this.position, this.position + count);
    this.position += count;
    this.line += passed.split("\n").length - 1;
    return passed;
  }

  private append(text: string): void {
    this.start ??= this.line;
    this.word = (this.word ?? "") + text;
  }

  private endWord(passed: number): void {
    if (this.word !== undefined) this.words.push(this.word);
    this.word = undefined;
    this.advance(passed);
  }

  /** After a pipe, a line end is no end of the pipeline. */
  private endCommand(isPiped: boolean): void {
    this.endWord(0);
    const isEmpty = this.words.length === 0;
    if (!isEmpty) {
      const { words, pipeline, document, start = this.line } = this;
      this.commands.push({ line: start, words, pipeline, ...(document === undefined ? {} : { document }) });
    }
    const goesOn = isPiped || (isEmpty && this.isPiped);
    if (!goesOn) this.pipeline += 1;
    this.isPiped = goesOn;
    this.words = [];
    this.start = undefined;
    this.document = undefined;
  }
}

function literal(text: string): string {
  return text.replaceAll("$", LITERAL_DOLLAR);
}
