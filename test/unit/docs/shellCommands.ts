/** One command of a shell script: its words without quotes, assignments before it and redirections taken away. */
export interface ShellCommand {
  /** Line in the script, from 1. */
  line: number;
  /** At least one. What a `$(...)` prints is not known: it stands as `$()` in its word. */
  words: readonly string[];
}

/** Stands in a word for what a command substitution prints. */
export const SUBSTITUTION = "$()";

const ASSIGNMENT = /^[A-Za-z_]\w*=/;

/**
 * Takes a script apart into its commands, also those inside of `$(...)`. It knows as much of the shell as
 * documentation needs: quotes, comments, pipes, lists, assignments, redirections; no loops and no functions.
 */
export function shellCommands(script: string): ShellCommand[] {
  return new Reader(script).commands();
}

class Reader {
  private position = 0;
  private line = 1;
  private words: string[] = [];
  private word: string | undefined;
  private readonly found: ShellCommand[] = [];

  constructor(private readonly script: string) {}

  commands(): ShellCommand[] {
    while (this.position < this.script.length) this.step();
    this.endCommand();
    return this.found;
  }

  private step(): void {
    const rest = this.script.slice(this.position);
    const character = rest.charAt(0);
    if (rest.startsWith("\\\n")) {
      this.advance(2);
    } else if (character === "\\") {
      this.append(this.advance(2).slice(1));
    } else if (character === "'") {
      this.append(this.advance(rest.indexOf("'", 1) + 1).slice(1, -1));
    } else if (character === '"') {
      this.quoted();
    } else if (rest.startsWith("$(")) {
      this.substitution();
    } else if (character === "#" && this.word === undefined) {
      this.advance(/^[^\n]*/.exec(rest)?.[0].length ?? 0);
    } else if (character === "<" || character === ">") {
      this.redirection(rest);
    } else if (/[;&|\n]/.test(character)) {
      this.endCommand();
      this.advance(1);
    } else if (/\s/.test(character)) {
      this.endWord();
      this.advance(1);
    } else {
      this.append(this.advance(1));
    }
  }

  private advance(count: number): string {
    const passed = this.script.slice(this.position, this.position + count);
    this.position += count;
    this.line += passed.split("\n").length - 1;
    return passed;
  }

  private append(text: string): void {
    this.word = (this.word ?? "") + text;
  }

  private quoted(): void {
    this.advance(1);
    this.append("");
    while (this.position < this.script.length && this.script[this.position] !== '"') {
      if (this.script.startsWith("$(", this.position)) this.substitution();
      else this.append(this.advance(this.script[this.position] === "\\" ? 2 : 1));
    }
    this.advance(1);
  }

  private substitution(): void {
    const line = this.line;
    let depth = 0;
    let end = this.position + 1;
    do {
      if (this.script[end] === "(") depth += 1;
      if (this.script[end] === ")") depth -= 1;
      end += 1;
    } while (depth > 0 && end < this.script.length);
    const inner = this.advance(end - this.position).slice(2, -1);
    for (const command of shellCommands(inner)) {
      this.found.push({ ...command, line: line + command.line - 1 });
    }
    this.append(SUBSTITUTION);
  }

  private redirection(rest: string): void {
    // The number before it, as in 2>&1, is no argument.
    if (/^\d+$/.test(this.word ?? "")) this.word = undefined;
    this.endWord();
    this.advance(/^[<>]+&?\s*[^\s;&|]*/.exec(rest)?.[0].length ?? 1);
  }

  private endWord(): void {
    if (this.word !== undefined) this.words.push(this.word);
    this.word = undefined;
  }

  private endCommand(): void {
    this.endWord();
    const first = this.words.findIndex((word) => !ASSIGNMENT.test(word));
    if (first >= 0) this.found.push({ line: this.line, words: this.words.slice(first) });
    this.words = [];
  }
}
