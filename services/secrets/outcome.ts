import { asciiJson } from "./stores/store";

/** What can come of a request for a value, with the status and the message of the answer. */
const REFUSALS = {
  token_refused: [403, "The token is missing or wrong."],
  key_refused: [403, "This caller may not read this key."],
  key_missing: [400, "Exactly one key must be given: /secret?key=NAME."],
  key_unknown: [404, "There is no such key."],
  too_many_wrong_tokens: [429, "Too many wrong tokens came from this address: try again in a minute."],
  path_unknown: [404, "There is nothing at this path."],
  method_refused: [405, "Only GET is answered here."],
  url_too_long: [414, "The URL is too long."],
  headers_too_large: [431, "The headers are too large."],
  request_timeout: [408, "The request did not arrive in time."],
  bad_request: [400, "This is no HTTP request that can be answered."],
  not_ready: [503, "The service cannot read its store, or is ending."],
  internal_error: [500, "Something went wrong inside."],
} as const;

/** Code of an answer that is no value. */
export type RefusalCode = keyof typeof REFUSALS;

/** What is told apart in the audit and the metrics. */
export type Outcome = "ok" | RefusalCode;

/** An answer that is the same every time. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** Names and values, one after the other. */
  readonly headers: readonly string[];
}

function refusalOf(code: RefusalCode): Refusal {
  const [status, message] = REFUSALS[code];
  const body = asciiJson({ code, message });
  const headers = ["content-type", "application/json; charset=utf-8", "cache-control", "no-store"];
  if (status === 405) headers.push("allow", "GET");
  if (status === 429) headers.push("retry-after", "60");
  return { status, body, headers: [...headers, "content-length", String(body.length)] };
}

/** Every answer that is no value, by its code. */
export const refusals = Object.fromEntries(
  (Object.keys(REFUSALS) as RefusalCode[]).map((code) => [code, refusalOf(code)]),
) as Readonly<Record<RefusalCode, Refusal>>;
