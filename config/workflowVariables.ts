/** The variables that a workflow hands over to each environment, between markers in its text. Pure. */
import type { AskedVariable } from "./environmentExample";

/** A workflow's text with current variables, or what is wrong with it. */
export interface WorkflowText {
  readonly text: string;
  /** What keeps the variables from being written, each with what to write instead. */
  readonly mistakes: readonly string[];
}

/**
 * Writes the variables of every environment between its lines `# begin: variables of <environment>` and
 * `# end: variables of <environment>`: those of Secrets from secrets, others from variables.
 *
 * @param asked environment -> what its applications ask for
 */
export function workflowText(
  text: string,
  asked: ReadonlyMap<string, readonly AskedVariable[]>,
): WorkflowText {
  const mistakes: string[] = [];
  const found = new Map<string, number>();
  const lines: string[] = [];
  let open: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const [, indent = "", word, environment = ""] =
      /^(\s*)# (begin|end): variables of (\S+)$/.exec(line) ?? [];
    if (word === "end") {
      if (open !== environment) mistakes.push(`line ${index + 1}: no begin of ${environment} before its end`);
      open = undefined;
    } else if (open !== undefined && word === undefined) {
      continue;
    }
    lines.push(line);
    if (word !== "begin") continue;
    if (open !== undefined)
      mistakes.push(`line ${index + 1}: ${environment} begins before the end of ${open}`);
    open = environment;
    found.set(environment, (found.get(environment) ?? 0) + 1);
    const variables = asked.get(environment);
    if (variables === undefined)
      mistakes.push(`line ${index + 1}: the project has no environment ${environment}`);
    for (const { name, use } of variables ?? [])
      lines.push(`${indent}${name}: \${{ ${use === "secret" ? "secrets" : "vars"}.${name} }}`);
  }
  if (open !== undefined) mistakes.push(`${open} has no end: write "# end: variables of ${open}"`);
  for (const environment of asked.keys())
    if (found.get(environment) !== 1)
      mistakes.push(
        `${environment} stands there ${found.get(environment) ?? 0} times: write begin and end once`,
      );
  return { text: lines.join("\n"), mistakes: [...mistakes, ...unfitNames(asked)] };
}

function unfitNames(asked: ReadonlyMap<string, readonly AskedVariable[]>): string[] {
  const names = new Set([...asked.values()].flat().map(({ name }) => name));
  return [...names]
    .filter((name) => /^GITHUB_/i.test(name))
    .map((name) => `GitHub keeps names such as ${name} for itself: give the variable another name`);
}
