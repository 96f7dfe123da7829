import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access, Judgement } from "./access/access";
import { Caller } from "./access/caller";
import { isKeyName } from "./keyName";
import type { Log } from "./log";
import type { Metrics } from "./metrics";
import { refusals, type Outcome, type RefusalCode } from "./outcome";
import { StoredValue, type Store } from "./stores/store";

/** The path that answers with values. */
export const SECRET_PATH = "/secret";

/** The usual URL, which needs no parser. */
const USUAL_URL = /^\/secret\?key=([A-Za-z0-9_.-]+)$/;

/** What is told of a request once it is answered. */
interface Request {
  readonly response: ServerResponse;
  readonly url: string;
  readonly address: string;
  /** On the clock of `performance.now`. */
  readonly start: number;
}

/** GET /secret: judges the token, then the key, and answers; says in the audit and the metrics what it did. */
export class SecretEndpoint {
  /** Whether connections are asked to end with their answer. */
  isEnding = false;

  /** @param header name of the token's header, in small letters */
  constructor(
    private readonly access: Access,
    private readonly store: Store,
    private readonly header: string,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Answers at once where caller and value are known. */
  answer(incoming: IncomingMessage, response: ServerResponse): void {
    const start = performance.now();
    const { url = "", socket } = incoming;
    const shown = incoming.headers[this.header];
    const request: Request = { response, url, address: socket.remoteAddress ?? "", start };
    const judgement = this.access.identify(typeof shown === "string" ? shown : undefined, request.address);
    if (judgement instanceof Promise) {
      judgement.then(
        (judged) => {
          this.judged(request, judged);
        },
        (error: unknown) => {
          this.fail(request, "", error);
        },
      );
    } else this.judged(request, judgement);
  }

  private judged(request: Request, judgement: Judgement): void {
    if (!(judgement instanceof Caller)) {
      this.refuse(request, judgement, "");
      return;
    }
    const caller = judgement.name;
    const key = USUAL_URL.exec(request.url)?.[1] ?? keyOf(request.url);
    if (key === "") this.refuse(request, "key_missing", caller);
    else if (!judgement.mayRead(key)) this.refuse(request, "key_refused", caller, key);
    else if (!isKeyName(key)) this.refuse(request, "key_unknown", caller, key);
    else this.read(request, caller, key);
  }

  private read(request: Request, caller: string, key: string): void {
    try {
      const found = this.store.find(key);
      if (found instanceof Promise) {
        found.then(
          (value) => {
            this.found(request, caller, key, value);
          },
          (error: unknown) => {
            this.fail(request, caller, error, key);
          },
        );
      } else this.found(request, caller, key, found);
    } catch (error) {
      this.fail(request, caller, error, key);
    }
  }

  private found(request: Request, caller: string, key: string, value: StoredValue | undefined): void {
    if (value === undefined) {
      this.refuse(request, "key_unknown", caller, key);
      return;
    }
    this.send(request, 200, value);
    this.record(request, caller, key, "ok", 200);
  }

  private refuse(request: Request, code: RefusalCode, caller: string, key = ""): void {
    const refusal = refusals[code];
    this.send(request, refusal.status, refusal);
    this.record(request, caller, key, code, refusal.status);
  }

  private fail(request: Request, caller: string, error: unknown, key = ""): void {
    // Its message is the service's own, or Vault's: neither repeats a value.
    this.log.error("a request could not be answered", { reason: (error as Error).message });
    this.refuse(request, "internal_error", caller, key);
  }

  private send(
    { response }: Request,
    status: number,
    answer: { headers: readonly string[]; body: string },
  ): void {
    if (this.isEnding) response.shouldKeepAlive = false;
    // A copy costs as much as the rest of the answer; Node only reads it.
    response.writeHead(status, answer.headers as string[]);
    response.end(answer.body, "latin1");
  }

  /** Keys stand in the audit as they were asked for, unless they can be no key's name: that may be anything. */
  private record(request: Request, caller: string, key: string, outcome: Outcome, status: number): void {
    const microseconds = Math.round((performance.now() - request.start) * 1_000);
    const shownKey = isKeyName(key) ? key : "";
    this.log.audit(
      `"caller":"${caller}","key":"${shownKey}","decision":"${outcome}","status":${status},"microseconds":${microseconds},"address":"${request.address}"`,
    );
    this.metrics.count(caller, outcome, microseconds);
  }
}

/** The key that a URL asks for; empty: none, or more than one. */
function keyOf(url: string): string {
  const [key = "", ...more] = new URLSearchParams(url.slice(SECRET_PATH.length)).getAll("key");
  return more.length === 0 ? key : "";
}
