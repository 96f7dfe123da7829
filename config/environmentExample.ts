/** The example of an environment's file of variables: names only, with who asks for each. Pure. */
import type { Application } from "./application";
import { declaredVariables } from "./variables";

/** A variable that an environment's applications ask for. */
export interface AskedVariable {
  readonly name: string;
  /** Whether it fills a Secret, or `${NAME}` in what is not secret. */
  readonly use: "secret" | "config";
  /** Files of the applications that ask for it, sorted. */
  readonly files: readonly string[];
}

/** What an example begins with: files with this line are generated. */
export const EXAMPLE_HEADING = "# Written by `npm run environment -- --write`: names only, no values.";

/** What an environment's applications ask for, each variable once, sorted by its name. */
export function askedVariables(applications: readonly Application[], environment: string): AskedVariable[] {
  const declared = declaredVariables(applications, environment);
  return [...new Set(declared.map(({ name }) => name))].sort().map((name): AskedVariable => {
    const places = declared.filter((variable) => variable.name === name);
    const isSecret = places.some(({ use }) => use === "secret");
    const files = [...new Set(places.map(({ application }) => application.source.file))].sort();
    return { name, use: isSecret ? "secret" : "config", files };
  });
}

/** Name of an environment's example, in the project's folder. */
export function exampleFile(environment: string): string {
  return `.env.${environment}.example`;
}

/**
 * The example's text.
 *
 * @returns undefined when the environment's applications ask for nothing
 */
export function exampleText(environment: string, variables: readonly AskedVariable[]): string | undefined {
  if (variables.length === 0) return undefined;
  const headings = [...new Set(variables.map(headingOf))].sort();
  const blocks = headings.map((heading) => {
    const group = variables.filter((variable) => headingOf(variable) === heading);
    return [heading, ...group.map(({ name }) => `${name}=`)].join("\n");
  });
  const use = `# Values belong into variables of the pipeline, or into a copy of this file called .env.${environment}.`;
  return `${[`${EXAMPLE_HEADING}\n${use}`, ...blocks].join("\n\n")}\n`;
}

function headingOf({ use, files }: AskedVariable): string {
  return `# ${files.join(", ")}: ${use === "secret" ? "secret" : "not secret"}`;
}
