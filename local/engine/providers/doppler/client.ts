import { setTimeout as sleep } from "node:timers/promises";

import type { OperationContext } from "../../../../provider/definition";
import { DopplerError } from "./error";
import { sendRequest, TimeoutError, type HttpRequest, type HttpResponse } from "./httpRequest";

/** How to reach Doppler: the provider's arguments. */
export interface DopplerAccess {
  /** Base URL without a slash at its end. */
  host: string;
  token: string;
  verifyTls: boolean;
}

/** A call of Doppler's API (https://docs.doppler.com/reference/api). */
export interface Call {
  method: HttpRequest["method"];
  path: string;
  query?: Record<string, string>;
  body?: object;
}

const TRIES = 10;
const TIMEOUT_MILLISECONDS = 30_000;
/** Doppler counts calls per minute: waiting longer than that for the next try is never needed. */
const LONGEST_WAIT_SECONDS = 60;

/** What Doppler answers when a call fails. */
interface ErrorBody {
  messages?: string[];
  data?: { isRetryable?: boolean; isRetryableAfterSec?: number };
}

/**
 * Calls Doppler as the vendor's provider does: Basic authentication, 30 seconds for an answer, and up to 10 tries
 * where Doppler says that another try helps (its rate limit, `isRetryable`), or when there was no answer in time.
 *
 * @returns the answer's JSON
 * @throws DopplerError with Doppler's own messages; the signal's reason when it is aborted
 */
export async function callDoppler(context: OperationContext<DopplerAccess>, call: Call): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    context.signal.throwIfAborted();
    try {
      return await attemptCall(context, call);
    } catch (error) {
      const wait = error instanceof DopplerError ? error.retryAfterSeconds : undefined;
      if (wait === undefined || attempt === TRIES) {
        throw error;
      }
      const seconds = Math.min(wait, LONGEST_WAIT_SECONDS);
      if (seconds >= 1) {
        context.log("info", `${(error as DopplerError).message}; trying again in ${seconds} s`);
      }
      await sleep(seconds * 1000, undefined, { signal: context.signal });
    }
  }
}

async function attemptCall(context: OperationContext<DopplerAccess>, call: Call): Promise<unknown> {
  const { host, token, verifyTls } = context.configuration;
  const url = new URL(host + call.path);
  Object.entries(call.query ?? {}).forEach(([name, value]) => {
    url.searchParams.set(name, value);
  });
  let response: HttpResponse;
  try {
    response = await sendRequest({
      method: call.method,
      url,
      headers: {
        authorization: `Basic ${Buffer.from(`${token}:`).toString("base64")}`,
        accept: "application/json",
        "content-type": "application/json",
        "user-agent": "secrets-platform",
      },
      ...(call.body && { body: JSON.stringify(call.body) }),
      verifyTls,
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      // A write is not cut off: Doppler may have made what nobody would know of then.
      ...(call.method === "GET" && { signal: context.signal }),
    });
  } catch (error) {
    context.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new DopplerError(
      `Unable to load response\n${call.method} ${host}${call.path}: ${reason}`,
      undefined,
      error instanceof TimeoutError ? 1 : undefined,
    );
  }
  return readResponse(response);
}

function readResponse(response: HttpResponse): unknown {
  const { status, headers, body } = response;
  const isJson = headers["content-type"]?.startsWith("application/json") === true;
  if (status >= 200 && status <= 399) {
    return body === "" ? {} : parse(body, status);
  }
  if (!isJson) {
    throw new DopplerError(`Unable to load response\n${status} status code; ${body.length} bytes`, status);
  }
  const { messages, data } = parse(body, status) as ErrorBody;
  const reason = messages?.length ? messages.join("\n") : `${status} status code`;
  throw new DopplerError(reason, status, retryAfterSeconds(status, headers["retry-after"], data));
}

function parse(body: string, status: number): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new DopplerError(`Unable to load response\nThe answer is not JSON (${status} status code)`, status);
  }
}

function retryAfterSeconds(
  status: number,
  header: string | undefined,
  data: ErrorBody["data"],
): number | undefined {
  if (data?.isRetryable === true) {
    return 0;
  }
  if (typeof data?.isRetryableAfterSec === "number") {
    return data.isRetryableAfterSec;
  }
  if (status !== 429) {
    return undefined;
  }
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : 1;
}

/** Reads something; undefined when Doppler says that it does not exist. Every other failure is an error. */
export async function readFromDoppler(
  context: OperationContext<DopplerAccess>,
  call: Call,
): Promise<unknown> {
  try {
    return await callDoppler(context, call);
  } catch (error) {
    if (error instanceof DopplerError && error.status === 404) {
      return undefined;
    }
    throw error;
  }
}
