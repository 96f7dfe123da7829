/** Something outside of the configuration's files that an update must not run into. */
export interface PreflightProblem {
  /** What was looked at, such as `Doppler project "example"`. */
  subject: string;
  /** What was found there. */
  found: string;
  /** What to do. */
  remedy: string;
}

/** Everything that was found before an update; nothing has been changed. */
export class PreflightError extends Error {
  constructor(readonly problems: readonly PreflightProblem[]) {
    // One cause may be found at several places.
    const unique = [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
    const lines = unique.map(({ subject, found, remedy }) => `  ${subject}: ${found}.\n    ${remedy}`);
    super(`nothing was changed, since this was found first:\n${lines.join("\n")}`);
    this.name = "PreflightError";
  }
}
