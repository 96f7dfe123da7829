/** The report for people. Pure. */
import { Findings } from "./findings";
import { Phase } from "./phases";

/** The columns of {@link copyRows}. */
export const COPY_COLUMNS = ["SECRET", "NAMESPACE", "MADE BY", "CONTENT", "IN VAULT", "USED BY"];

/** A row for each copy of a Secret. */
export function copyRows({ copiedSecrets, consumers }: Findings): string[][] {
  return copiedSecrets.flatMap(({ path, copies }) =>
    copies.map(({ namespace, name, content, isSynchronized }) => {
      const users = consumers
        .filter((consumer) => consumer.namespace === namespace && consumer.secret === name)
        .map((consumer) => `${consumer.kind}/${consumer.name}`);
      const maker = isSynchronized ? "an operator" : content === "not seen" ? "" : "a copy";
      return [name, namespace, maker, content, path, users.join(", ")];
    }),
  );
}

/**
 * Everything that was found, phase by phase.
 *
 * @param table the copied Secrets
 * @param written files that were written. Undefined: nobody asked for it
 */
export function describeReport(
  { copiedSecrets, applications, unread }: Findings,
  phases: readonly Phase[],
  table: string,
  written: readonly string[] | undefined,
): string {
  const files = applications.flatMap(({ file, text }) => [`--- ${file}`, ...text.trimEnd().split("\n")]);
  return [
    copiedSecrets.length === 0 ? "No Secret was found to be in more than one namespace." : table,
    ...section("Not read:", unread),
    ...phases.flatMap((phase) => describePhase(phase, phase.phase === 2 ? files : [])),
    ...(written === undefined ? [] : section("Written:", written, "There is no file to write.")),
  ].join("\n");
}

/** Whether a phase is done, and what is left of it. */
export function describeCheck({ phase, title, left, unknown }: Phase): string {
  const subject = `phase ${phase} (${title})`;
  if (left === undefined) return `${subject}: not known: ${unknown ?? ""}`;
  if (left.length === 0) return `${subject}: done`;
  return [`${subject}: not done, ${left.length} left`, ...left.map((line) => `  ${line}`)].join("\n");
}

function describePhase(phase: Phase, files: readonly string[]): string[] {
  const { title, steps, left, unknown } = phase;
  const isDone = left?.length === 0;
  return [
    "",
    `PHASE ${phase.phase}: ${title}`,
    ...(isDone ? ["  Nothing is left to do."] : [...steps, ...files].map((line) => `  ${line}`.trimEnd())),
    ...(isDone ? [] : (left ?? []).map((line) => `  - ${line}`)),
    ...(unknown === undefined ? [] : [`  Not known: ${unknown}.`]),
  ];
}

function section(title: string, lines: readonly string[], otherwise?: string): string[] {
  if (lines.length === 0) return otherwise === undefined ? [] : ["", otherwise];
  return ["", title, ...lines.map((line) => `  ${line}`)];
}
