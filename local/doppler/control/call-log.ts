/** One call as it is logged. It holds names only: no value of a secret, no key of a token, no query. */
export interface CallLogEntry {
  time: string;
  method: string;
  /** The route's path; `(unknown)` for paths that the emulator does not have. */
  path: string;
  project?: string;
  config?: string;
  /** The HTTP status; `reset` or `aborted` when there was no answer. */
  outcome: string;
  milliseconds: number;
  /** The token's kind and slug; absent without a good token. */
  token?: string;
}

/** What Doppler's names look like. Anything else was not meant as one: it could be a token in the wrong place. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** A name that a client sent, fit to be logged. */
export function loggableName(name: string | undefined): string | undefined {
  return name === undefined || NAME.test(name) ? name : "(not a name)";
}
