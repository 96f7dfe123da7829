import { hideCredentials } from "./credentials";
import { NOTHING } from "./description";

/** One mistake in a configuration file: where it is, what was found there, and what to write instead. */
export interface Problem {
  /** The file as the user knows it, relative to the project's folder. */
  readonly file: string;
  /** Line of the mistake, from 1, where the file is YAML and the place is known. */
  readonly line?: number;
  /** Column of the mistake, from 1. Present when `line` is. */
  readonly column?: number;
  /** Place inside the file, such as `secrets[0].keys.DATABASE_URL`. Empty: the file as a whole. */
  readonly path: string;
  /** What stands there. Never the value of anything that looks like a credential. */
  readonly found: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** Every mistake of the configuration, in one error whose message lists them all. */
export class ConfigurationError extends Error {
  /** The mistakes, by file, line and path, without duplicates. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const listed = sortedWithoutDuplicates(problems.map(withoutCredentials));
    super(messageOf(listed));
    this.name = "ConfigurationError";
    this.problems = listed;
  }
}

/** Last barrier: whatever a message was made of, a token in it is not shown. */
function withoutCredentials(problem: Problem): Problem {
  return {
    ...problem,
    file: hideCredentials(problem.file),
    path: hideCredentials(problem.path),
    found: hideCredentials(problem.found),
    remedy: hideCredentials(problem.remedy),
  };
}

function sortedWithoutDuplicates(problems: readonly Problem[]): Problem[] {
  const place = ({ file, path }: Problem): string => JSON.stringify([file, path]);
  const explained = new Set(problems.filter(({ found }) => found !== NOTHING).map(place));
  // A value that could not be read is missing afterwards; that is no second mistake.
  const causes = problems.filter((problem) => problem.found !== NOTHING || !explained.has(place(problem)));
  const byText = new Map(causes.map((problem) => [textOf(problem), problem]));
  return [...byText.values()].sort(
    (a, b) =>
      compare(a.file, b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.path, b.path),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function messageOf(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 mistake" : `${problems.length} mistakes`;
  return [`${count} in the configuration. Nothing was changed.`, ...problems.map(textOf)].join("\n\n");
}

function textOf({ file, line, column, path, found, remedy }: Problem): string {
  const position = line === undefined ? "" : `:${line}:${column ?? 1}`;
  const heading = path === "" ? `${file}${position}` : `${file}${position}  ${path}`;
  return `${heading}\n    found  ${indented(found)}\n    write  ${indented(remedy)}`;
}

/** Further lines of a text stand under its first. */
function indented(text: string): string {
  return text.replaceAll("\n", `\n${" ".repeat(11)}`);
}
