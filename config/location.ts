import type { Problem } from "./problem";

/** Keys of maps and indices of lists from the top of a file down to a value. */
export type Path = readonly (string | number)[];

/** Where something stands in a file; lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** Which part of an entry a message is about: its key or its value. */
export type Part = "key" | "value";

/** Knows where the values of a configuration come from. */
export interface Source {
  /** The place of a value, or of the nearest one above it that exists. */
  place(path: Path, part: Part): Place;
}

/** A place in a configuration, where a mistake can be reported. */
export class Location {
  constructor(
    readonly source: Source,
    /** Every mistake found so far, in any file. */
    private readonly problems: Problem[],
    readonly path: Path = [],
  ) {}

  /** A place below this one. */
  at(...segments: Path): Location {
    return new Location(this.source, this.problems, [...this.path, ...segments]);
  }

  /**
   * Reports a mistake: what was found here and what to write instead.
   *
   * @param where which part of the entry it is about, or the exact place
   */
  refuse(found: string, remedy: string, where: Part | Place = "value"): void {
    const place = typeof where === "string" ? this.source.place(this.path, where) : where;
    this.problems.push({ ...place, path: pathText(this.path), found, remedy });
  }

  /** Number of mistakes found so far, in any file: that it stays the same means that nothing was wrong. */
  get mistakes(): number {
    return this.problems.length;
  }

  /** File, line and column, to point at from another message. */
  toString(): string {
    const { file, line, column } = this.source.place(this.path, "value");
    return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  }
}

/** A path as people write it: `secrets[0].keys.DATABASE_URL`, `labels["example.com/team"]`. */
function pathText(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    if (!/^[\w-]+$/.test(segment)) return `${text}[${JSON.stringify(segment)}]`;
    return text === "" ? segment : `${text}.${segment}`;
  }, "");
}
