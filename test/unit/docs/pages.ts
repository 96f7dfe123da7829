import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";

/** A fenced block of a page. */
export interface Fence {
  /** The page's file, relative to the project's folder. */
  file: string;
  /** Line of its first line of text, from 1. */
  line: number;
  /** First word after the backticks, such as `sh`; empty: none. */
  language: string;
  /** The words after it, such as `run-in-platform`; empty: none. */
  mark: string;
  text: string;
}

/** A page of the documentation. */
export interface Page {
  /** Relative to the project's folder. */
  file: string;
  fences: readonly Fence[];
  /** The page's lines, those of fenced blocks empty. */
  prose: readonly string[];
}

/** README.md, CHANGELOG.md and every page of docs/, in the order in which people meet them. */
export function pages(): Page[] {
  const folder = readdirSync(join(PROJECT_FOLDER, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", "CHANGELOG.md", ...folder.sort().map((name) => `docs/${name}`)].map((file) =>
    parsePage(file, readFileSync(join(PROJECT_FOLDER, file), "utf8")),
  );
}

/** Takes a page apart. @throws Error when a fenced block has no end */
export function parsePage(file: string, text: string): Page {
  const fences: Fence[] = [];
  const prose: string[] = [];
  let open: { fence: Fence; lines: string[]; end: string } | undefined;
  for (const [index, content] of text.split("\n").entries()) {
    const [, backticks, language = "", mark = ""] = /^(`{3,})([^`\s]*) *([^`]*?) *$/.exec(content) ?? [];
    prose.push(open === undefined && backticks === undefined ? content : "");
    if (open === undefined) {
      if (backticks === undefined) continue;
      open = { fence: { file, line: index + 2, language, mark, text: "" }, lines: [], end: backticks };
    } else if (content === open.end) {
      fences.push({ ...open.fence, text: open.lines.join("\n") });
      open = undefined;
    } else {
      open.lines.push(content);
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.fence.line - 1}: a fenced block without an end`);
  return { file, fences, prose };
}
