import { z } from "zod";

const effect = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("rate-limit"),
    retryAfterSeconds: z.int().min(0).max(3600).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal("error"),
    status: z.int().min(400).max(599).exactOptional(),
    html: z.boolean().exactOptional(),
    retryable: z.boolean().exactOptional(),
  }),
  z.strictObject({ kind: z.literal("slow"), milliseconds: z.int().min(1).max(600_000) }),
  z.strictObject({ kind: z.literal("reset"), afterEffect: z.boolean().exactOptional() }),
]);

/** The form of a fault, for those that come over HTTP. */
export const faultSchema = z.strictObject({
  effect,
  method: z.enum(["GET", "POST", "PUT", "DELETE"]).exactOptional(),
  pathPrefix: z.string().startsWith("/v3/").exactOptional(),
  project: z.string().min(1).exactOptional(),
  config: z.string().min(1).exactOptional(),
  calls: z.int().min(1).exactOptional(),
}) satisfies z.ZodType<Fault>;

/**
 * What goes wrong.
 * - `rate-limit`: 429 as over the limit, with retry-after (default 1 second).
 * - `error`: a status (default 500) with Doppler's JSON body, or with `html` as a proxy in front of Doppler answers
 *   (the CLI repeats calls after the latter only). `retryable` sets `data.isRetryable`, at which
 *   terraform-provider-doppler repeats the call at once.
 * - `slow`: the call waits first, and then goes on.
 * - `reset`: the connection is broken; with `afterEffect` only once the call has had its effect, so that the
 *   client cannot know whether, say, the token was minted.
 */
export type FaultEffect =
  | { kind: "rate-limit"; retryAfterSeconds?: number }
  | { kind: "error"; status?: number; html?: boolean; retryable?: boolean }
  | { kind: "slow"; milliseconds: number }
  | { kind: "reset"; afterEffect?: boolean };

/** A fault and the calls it concerns: all, or those that every condition that is given fits. */
export interface Fault {
  effect: FaultEffect;
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /** The beginning of the path, such as `/v3/configs/config/secret`. */
  pathPrefix?: string;
  project?: string;
  config?: string;
  /** How many calls it concerns, then it is over. Default: all until it is cleared. */
  calls?: number;
}

/** What decides whether a fault concerns a call. */
export interface FaultTarget {
  method: string;
  path: string;
  project: string | undefined;
  config: string | undefined;
}

/** The faults that are switched on. */
export class Faults {
  #active: { fault: Fault; left: number }[] = [];

  set(fault: Fault): void {
    this.#active.push({ fault, left: fault.calls ?? Infinity });
  }

  clear(): void {
    this.#active = [];
  }

  /** The faults that are on, each with how many calls it still concerns. */
  list(): Fault[] {
    return this.#active.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, calls: left } : fault));
  }

  /** The effects that concern a call, in the order they were set. Counts the call against each. */
  take(target: FaultTarget): FaultEffect[] {
    const concerned = this.#active.filter(({ fault }) => concerns(fault, target));
    concerned.forEach((entry) => entry.left--);
    this.#active = this.#active.filter(({ left }) => left > 0);
    return concerned.map(({ fault }) => fault.effect);
  }
}

function concerns(fault: Fault, { method, path, project, config }: FaultTarget): boolean {
  return (
    (fault.method === undefined || fault.method === method) &&
    (fault.pathPrefix === undefined || path.startsWith(fault.pathPrefix)) &&
    (fault.project === undefined || fault.project === project) &&
    (fault.config === undefined || fault.config === config)
  );
}
