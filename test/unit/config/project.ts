import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strict as assert } from "node:assert";
import { loadApplications } from "../../../config/loading";
import type { Application } from "../../../config/application";
import { ConfigurationError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";

/** The environments of every test project. */
export const ENVIRONMENTS = ["dev", "staging", "prd"];

/** Makes a folder with these files, runs the test in it, and removes it. */
export function inProject<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  test: (folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), "configuration-"));
  try {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    return test(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The mistakes that a call reports; it must report some. */
export function problemsOf(call: () => unknown): readonly Problem[] {
  try {
    call();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return assert.fail("nothing was refused");
}

/** Loads application files, given by their names in `apps/`. */
export function load(
  files: Readonly<Record<string, string | Uint8Array>>,
  environments: readonly string[] = ENVIRONMENTS,
): Application[] {
  const inFolder = Object.fromEntries(Object.entries(files).map(([name, text]) => [`apps/${name}`, text]));
  return inProject({ "apps/README.md": "not an application", ...inFolder }, (folder) =>
    loadApplications("apps", environments, folder),
  );
}

/**
 * A mistake that a test expects: line and column (`4:11`, empty: none is known), path, what was found, and a part
 * of what to write instead.
 */
export type ExpectedProblem = readonly [at: string, path: string, found: string, remedy: string];

/** Asserts that these are all mistakes, in one file and in this order. */
export function assertProblems(
  actual: readonly Problem[],
  file: string,
  expected: readonly ExpectedProblem[],
): void {
  const seen = actual.map(({ file, line, column, path, found }) => [
    file,
    placeText(line, column),
    path,
    found,
  ]);
  assert.deepEqual(
    seen,
    expected.map(([at, path, found]) => [file, at, path, found]),
  );
  for (const [index, [, , , remedy]] of expected.entries()) {
    const written = actual[index]?.remedy ?? "";
    assert.ok(written.includes(remedy), `"${written}" does not tell "${remedy}"`);
  }
}

function placeText(line: number | undefined, column: number | undefined): string {
  return line === undefined ? "" : `${line}:${column ?? ""}`;
}
