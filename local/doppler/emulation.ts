import type { Authorization } from "./access/authorization";
import type { RateLimiter } from "./access/rate-limits";
import type { Tokens } from "./access/tokens";
import type { CallLogEntry } from "./control/call-log";
import type { CallCounter } from "./control/counters";
import type { Faults } from "./control/faults";
import type { Workplace } from "./workplace/workplace";

/** Everything that the routes work with. */
export interface Emulation {
  readonly workplace: Workplace;
  readonly tokens: Tokens;
  readonly authorization: Authorization;
  /** Undefined when no limits apply. */
  readonly limiter: RateLimiter | undefined;
  readonly faults: Faults;
  readonly counter: CallCounter;
  readonly log: (entry: CallLogEntry) => void;
  readonly now: () => Date;
}
