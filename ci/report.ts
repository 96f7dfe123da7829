/** What a run of the engine found, and how a comment or an issue shows it. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type ReportKind = "preview" | "up" | "drift";

/** What one run of the engine found. */
export interface Report {
  readonly kind: ReportKind;
  /** Without an organization and a project. */
  readonly stack: string;
  /** Exit code of the engine. */
  readonly code: number;
  /** What the engine printed, without secrets. */
  readonly output: string;
}

/** Pulumi's exit code for changes where none were expected. */
const CHANGES_NOT_EXPECTED = 7;

/** What a run that only compares has come to. */
export function driftOf({ code }: Report): "none" | "drift" | "failed" {
  if (code === 0) return "none";
  return code === CHANGES_NOT_EXPECTED ? "drift" : "failed";
}

/** Writes a report into the folder of reports. */
export function writeReport(folder: string, report: Report): void {
  writeFileSync(reportFile(folder, report.kind, report.stack), JSON.stringify(report));
}

/** The report of a kind about a stack. Undefined: its run has not come so far as to write one. */
export function readReport(folder: string, kind: ReportKind, stack: string): Report | undefined {
  const file = reportFile(folder, kind, stack);
  if (!existsSync(file)) return undefined;
  const content = JSON.parse(readFileSync(file, "utf8")) as Partial<Report>;
  const { code, output } = content;
  if (typeof code !== "number" || typeof output !== "string") throw new Error(`${file} is no report`);
  return { kind, stack, code, output };
}

function reportFile(folder: string, kind: ReportKind, stack: string): string {
  return join(folder, `${kind}-${stack}.json`);
}

/** A report in one line: what the engine would do, or that it failed. */
export function summary({ code, output }: Report): string {
  if (code !== 0 && code !== CHANGES_NOT_EXPECTED) return `failed (exit code ${code})`;
  const [, block = ""] = /^Resources:\n((?: {4}.+\n?)+)/m.exec(output) ?? [];
  return block.trim().split(/\n\s*/).join(", ") || "done";
}

/**
 * The engine's output as a block of Markdown that folds.
 *
 * @param most characters that it may have; what is too much is left out of the middle, in whole lines
 */
export function details(report: Report, most: number): string {
  const longest = Math.max(2, ...(report.output.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const head = `<details><summary>${report.stack}: ${summary(report)}</summary>\n\n${fence}text\n`;
  const tail = `\n${fence}\n\n</details>`;
  return head + shortened(report.output.trimEnd(), most - head.length - tail.length) + tail;
}

const NOTE = "\n… left out here, for its length: the log of the run has everything …\n";

function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = Math.max(0, most - NOTE.length);
  const start = text.slice(0, Math.floor(room * 0.6));
  const end = text.slice(text.length - Math.floor(room * 0.4));
  // The end has the summary and the errors. A line that is cut is shown nowhere, unless there is none that is whole.
  const lastWhole = start.lastIndexOf("\n");
  const firstWhole = end.indexOf("\n");
  return start.slice(0, lastWhole > 0 ? lastWhole : start.length) + NOTE + end.slice(firstWhole + 1);
}
