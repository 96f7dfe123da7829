/** Doppler counts three kinds of calls apart. */
export const CALL_KINDS = ["read", "secret read", "write"] as const;
export type CallKind = (typeof CALL_KINDS)[number];

/** How many calls of each kind a token, and an address, may make within the window. */
export type RateLimits = Readonly<Record<CallKind, number>>;

/** The limits per minute of Doppler's plans (https://docs.doppler.com/docs/platform-limits). */
export const PLANS = {
  developer: { read: 240, "secret read": 120, write: 60 },
  team: { read: 480, "secret read": 240, write: 120 },
  enterprise: { read: 480, "secret read": 480, write: 240 },
} as const satisfies Record<string, RateLimits>;
export type PlanName = keyof typeof PLANS;

/** The plans' names, for messages and flags. */
export const PLAN_NAMES = Object.keys(PLANS) as readonly PlanName[];

/** How a caller stands after a call. */
export interface RateLimitStatus {
  kind: CallKind;
  limit: number;
  remaining: number;
  /** When the window ends and the count begins anew. */
  resetAt: Date;
  /** Whole seconds until then, at least 1. */
  retryAfterSeconds: number;
  exceeded: boolean;
}

interface Window {
  startedAt: number;
  calls: number;
}

/** More windows than this are cleared of those that are over. */
const MANY_WINDOWS = 10_000;

/** Counts calls in fixed windows, as Doppler's answers show them. */
export class RateLimiter {
  readonly #windows = new Map<string, Window>();

  /**
   * @param limits calls within a window.
   * @param windowSeconds the window's length; Doppler's is 60.
   * @param now the present time.
   */
  constructor(
    private readonly limits: RateLimits,
    readonly windowSeconds: number,
    private readonly now: () => Date,
  ) {}

  /**
   * Counts a call of each of the names, such as a token and an address, and tells how the one stands that has the
   * fewest calls left. A call that is refused does not count.
   */
  take(names: readonly string[], kind: CallKind): RateLimitStatus {
    const windows = names.map((name) => this.#window(`${kind} ${name}`));
    const fullest = windows.reduce((worst, window) => (window.calls > worst.calls ? window : worst));
    const limit = this.limits[kind];
    const exceeded = fullest.calls >= limit;
    if (!exceeded) {
      windows.forEach((window) => window.calls++);
    }
    const resetAt = fullest.startedAt + this.windowSeconds * 1000;
    return {
      kind,
      limit,
      remaining: Math.max(0, limit - fullest.calls),
      resetAt: new Date(resetAt),
      retryAfterSeconds: Math.max(1, Math.ceil((resetAt - this.now().getTime()) / 1000)),
      exceeded,
    };
  }

  #window(name: string): Window {
    const now = this.now().getTime();
    const known = this.#windows.get(name);
    if (known !== undefined && !this.#isOver(known, now)) {
      return known;
    }
    if (this.#windows.size >= MANY_WINDOWS) {
      for (const [other, window] of this.#windows) {
        if (this.#isOver(window, now)) {
          this.#windows.delete(other);
        }
      }
    }
    const fresh = { startedAt: now, calls: 0 };
    this.#windows.set(name, fresh);
    return fresh;
  }

  #isOver(window: Window, now: number): boolean {
    return now - window.startedAt >= this.windowSeconds * 1000;
  }
}

/** Doppler's message for a call over the limit. */
export function rateLimitMessage(
  status: Pick<RateLimitStatus, "kind" | "limit" | "retryAfterSeconds">,
  windowSeconds: number,
): string {
  return (
    `Exceeded rate limit of ${status.limit} ${status.kind} requests within ${windowSeconds} seconds. ` +
    `Retry in ${status.retryAfterSeconds} seconds`
  );
}

/** Headers that go with every answer; `x-ratelimit-reset` is in seconds since 1970. */
export function rateLimitHeaders(status: RateLimitStatus): Record<string, string> {
  return {
    "x-ratelimit-limit": String(status.limit),
    "x-ratelimit-remaining": String(status.remaining),
    "x-ratelimit-reset": String(Math.ceil(status.resetAt.getTime() / 1000)),
    ...(status.exceeded ? { "retry-after": String(status.retryAfterSeconds) } : {}),
  };
}
