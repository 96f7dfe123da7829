import { strict as assert } from "node:assert";
import { parseStackConfiguration } from "../../../config/stack";
import type { StackConfiguration } from "../../../config/stack";
import { ENVIRONMENTS, assertProblems, problemsOf } from "./project";

/** How messages name the file of the stack. */
export const STACK_FILE = "Pulumi.dev.yaml";

/** Parses a stack's configuration that is right but for these values. */
export function parseWith(values: Record<string, unknown>, stack = "dev"): StackConfiguration {
  const valid = {
    environments: ENVIRONMENTS,
    kubernetes: { context: "kind" },
    doppler: { project: "example" },
  };
  return parseStackConfiguration(stack, { ...valid, ...values }, STACK_FILE);
}

/** Title, values, and the only mistake: its path, what was found, and a part of what to write instead. */
export type StackRow = readonly [
  title: string,
  values: Record<string, unknown>,
  path: string,
  found: string,
  remedy: string,
];

/** A test for each row: the values have this mistake and no other. */
export function refusesValues(subject: string, rows: readonly StackRow[]): void {
  describe(`refuses ${subject}`, () => {
    for (const [title, values, path, found, remedy] of rows) {
      it(title, () => {
        const problems = problemsOf(() => parseWith(values));
        assertProblems(problems, STACK_FILE, [["", path, found, remedy]]);
        assert.ok(!JSON.stringify(problems).includes("hunter2"));
      });
    }
  });
}
