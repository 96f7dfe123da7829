import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Application } from "../config/application";
import { askedVariables, EXAMPLE_HEADING, exampleFile, exampleText } from "../config/environmentExample";
import type { AskedVariable } from "../config/environmentExample";

/** An environment's example: what it should be, and what it is. */
export interface ExampleFile {
  environment: string;
  /** Relative to the project's folder. */
  file: string;
  /** What the environment's applications ask for. */
  variables: readonly AskedVariable[];
  /** Its text. Undefined: there should be none. */
  wanted: string | undefined;
  /** The text that is there. Undefined: there is none. */
  present: string | undefined;
}

/** How an example differs from what it should be. */
export interface Difference {
  file: string;
  what: "missing" | "superfluous" | "changed";
  /** Names of variables that it lacks. */
  lacks: readonly string[];
  /** Names of variables that nobody asks for. */
  unused: readonly string[];
}

/** The examples of every environment; those that were generated for an environment that is gone are among them. */
export function exampleFiles(
  folder: string,
  environments: readonly string[],
  applications: readonly Application[],
): ExampleFile[] {
  const gone = generatedEnvironments(folder).filter((environment) => !environments.includes(environment));
  return [...environments, ...gone].map((environment) => {
    const file = exampleFile(environment);
    const variables = askedVariables(applications, environment);
    const present = readIfPresent(join(folder, file));
    // What people have written for purposes of their own is left alone where nothing is asked for.
    const isOurs = variables.length > 0 || present?.startsWith(EXAMPLE_HEADING) === true;
    const wanted = exampleText(environment, variables);
    return { environment, file, variables, wanted, present: isOurs ? present : undefined };
  });
}

/** What is not as it should be. No value is in the answer, should one be in a file. */
export function differences(examples: readonly ExampleFile[]): Difference[] {
  return examples
    .filter(({ wanted, present }) => wanted !== present)
    .map(({ file, variables, wanted, present }) => {
      const asked = variables.map(({ name }) => name);
      const named = Object.keys(parseEnv(present ?? ""));
      const what = present === undefined ? "missing" : wanted === undefined ? "superfluous" : "changed";
      return {
        file,
        what,
        lacks: asked.filter((name) => !named.includes(name)),
        unused: named.filter((name) => !asked.includes(name)),
      };
    });
}

/** Writes the examples that differ, and removes those that nobody needs. @returns what was done to which file */
export function writeExamples(folder: string, examples: readonly ExampleFile[]): string[] {
  const changed = examples.filter(({ wanted, present }) => wanted !== present);
  for (const { file, wanted } of changed) {
    if (wanted === undefined) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), wanted);
  }
  return changed.map(({ file, wanted }) => `${file}: ${wanted === undefined ? "removed" : "written"}`);
}

function generatedEnvironments(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const environment = /^\.env\.(.+)\.example$/.exec(name)?.[1];
    if (environment === undefined) return [];
    return readIfPresent(join(folder, name))?.startsWith(EXAMPLE_HEADING) === true ? [environment] : [];
  });
}

function readIfPresent(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
