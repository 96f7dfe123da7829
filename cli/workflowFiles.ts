import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Application } from "../config/application";
import { askedVariables } from "../config/environmentExample";
import { workflowText } from "../config/workflowVariables";

/** A workflow that hands over variables: what it is, and what it should be. */
export interface WorkflowFile {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly present: string;
  readonly wanted: string;
}

const FILES = ["preview", "up", "drift"].map((name) => `.github/workflows/${name}.yaml`);

/** The workflows of the project. @throws Error with every mistake that keeps them from being written */
export function workflowFiles(
  folder: string,
  environments: readonly string[],
  applications: readonly Application[],
): WorkflowFile[] {
  const asked = new Map(
    environments.map((environment) => [environment, askedVariables(applications, environment)]),
  );
  const mistakes: string[] = [];
  const files = FILES.map((file) => {
    const path = join(folder, file);
    if (!existsSync(path)) {
      mistakes.push(`${file}: it is not there`);
      return { file, present: "", wanted: "" };
    }
    const present = readFileSync(path, "utf8");
    const { text, mistakes: own } = workflowText(present, asked);
    mistakes.push(...own.map((mistake) => `${file}: ${mistake}`));
    return { file, present, wanted: text };
  });
  if (mistakes.length > 0) throw new Error(`nothing was written:\n${[...new Set(mistakes)].join("\n")}`);
  return files;
}

/** Writes the workflows that differ. @returns their names */
export function writeWorkflows(folder: string, files: readonly WorkflowFile[]): string[] {
  const changed = files.filter(({ present, wanted }) => present !== wanted);
  for (const { file, wanted } of changed) writeFileSync(join(folder, file), wanted);
  return changed.map(({ file }) => file);
}
