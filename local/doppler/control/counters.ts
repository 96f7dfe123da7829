import { CALL_KINDS, type CallKind } from "../access/rate-limits";

/** How many calls were made, and how they ended. */
export interface CallCounts {
  calls: number;
  byKind: Record<CallKind, number>;
  /** By HTTP status; `reset` for connections that were broken, `aborted` for clients that went away. */
  byOutcome: Record<string, number>;
}

/** Calls since the start or the last reset. Calls to the control surface do not count. */
export interface Counters {
  total: CallCounts;
  /** By the token's slug; `none` for calls without a good token. */
  byToken: Record<string, CallCounts>;
  /** By `project.config`, for calls that concern a config that exists. */
  byConfig: Record<string, CallCounts>;
  /** By method and path, such as `GET /v3/configs/config/secret`. */
  byRoute: Record<string, CallCounts>;
}

/** What is counted of a call. */
export interface CountedCall {
  kind: CallKind;
  outcome: string;
  route: string;
  token?: string;
  config?: string;
}

/** Counts calls. */
export class CallCounter {
  #counters = noCalls();

  count({ kind, outcome, route, token = "none", config }: CountedCall): void {
    const { total, byToken, byConfig, byRoute } = this.#counters;
    const counts = [total, (byToken[token] ??= zero()), (byRoute[route] ??= zero())];
    if (config !== undefined) {
      counts.push((byConfig[config] ??= zero()));
    }
    for (const each of counts) {
      each.calls++;
      each.byKind[kind]++;
      each.byOutcome[outcome] = (each.byOutcome[outcome] ?? 0) + 1;
    }
  }

  /** A copy of the counts, which does not change with later calls. */
  snapshot(): Counters {
    return structuredClone(this.#counters);
  }

  reset(): void {
    this.#counters = noCalls();
  }
}

function noCalls(): Counters {
  return { total: zero(), byToken: {}, byConfig: {}, byRoute: {} };
}

function zero(): CallCounts {
  return {
    calls: 0,
    byKind: Object.fromEntries(CALL_KINDS.map((kind) => [kind, 0])) as Record<CallKind, number>,
    byOutcome: {},
  };
}
