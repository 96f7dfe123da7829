import { strict as assert } from "node:assert";

/** An answer of the API. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
}

/** What a call may have besides its path. */
export interface CallOptions {
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Calls the API over HTTP, as a client that has one token. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly token: string | undefined,
  ) {}

  get(
    path: string,
    query: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.call("GET", path, { query, headers });
  }

  post(path: string, body?: unknown): Promise<Answer> {
    return this.call("POST", path, { body });
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.call("DELETE", path, { body });
  }

  async call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { query = {}, body, headers = {}, signal } = options;
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${this.url}${path}${search === "" ? "" : `?${search}`}`, {
      method,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }
}

/** Asserts that an answer is Doppler's error body with exactly this message. */
export function assertRefused(answer: Answer, status: number, message: string): void {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get("content-type") ?? "", /^application\/json/);
  assert.deepEqual(answer.json, { messages: [message], success: false });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
