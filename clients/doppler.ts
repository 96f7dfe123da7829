/**
 * The calls to Doppler's API that the platform itself makes besides those of Pulumi's provider: checking that
 * what the configuration names exists, finding service tokens that no state knows, and reading and writing the values
 * that a team brings along.
 * Source: https://docs.doppler.com/reference
 */

/** Where Doppler is, and the token to use: one that may provision (a service account's or a personal one). */
export interface DopplerAccess {
  /** Base URL without a trailing slash. */
  host: string;
  token: string;
}

/** A service token as Doppler lists it; its key is shown only once, when it is made. */
export interface ServiceToken {
  name: string;
  slug: string;
}

/** An answer of Doppler that is not a success, or no answer at all (`status` 0). */
export class DopplerError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "DopplerError";
  }
}

const REQUEST_TIMEOUT_MILLISECONDS = 10_000;
const TRIES = 4;

/** Doppler's API with bounded retries on 429, 5xx and lost connections. */
export class DopplerClient {
  constructor(private readonly access: DopplerAccess) {}

  /** The slugs of a project's configs. @throws DopplerError, with status 404 or 400 when there is no such project. */
  async configs(project: string): Promise<string[]> {
    const found: string[] = [];
    const perPage = 100;
    for (let page = 1; page <= 100; page++) {
      const query = new URLSearchParams({ project, page: String(page), per_page: String(perPage) });
      const answer = (await this.request("GET", `/v3/configs?${query.toString()}`)) as {
        configs: { name: string }[];
      };
      found.push(...answer.configs.map((config) => config.name));
      if (answer.configs.length < perPage) break;
    }
    return found;
  }

  /** The names of a config's secrets, without their values. */
  async secretNames(project: string, config: string): Promise<string[]> {
    const query = new URLSearchParams({ project, config });
    const answer = (await this.request("GET", `/v3/configs/config/secrets/names?${query.toString()}`)) as {
      names: string[];
    };
    return answer.names;
  }

  /** The values of a config's secrets by name, references in them resolved. */
  async secretValues(project: string, config: string): Promise<Readonly<Record<string, string>>> {
    const query = new URLSearchParams({ project, config, format: "json" });
    const path = `/v3/configs/config/secrets/download?${query.toString()}`;
    return (await this.request("GET", path)) as Record<string, string>;
  }

  /** Writes secrets of a config, all of them or none; others stay as they are. */
  async writeSecrets(
    project: string,
    config: string,
    secrets: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.request("POST", "/v3/configs/config/secrets", { project, config, secrets });
  }

  /** The service tokens of a config. */
  async serviceTokens(project: string, config: string): Promise<ServiceToken[]> {
    const query = new URLSearchParams({ project, config });
    const answer = (await this.request("GET", `/v3/configs/config/tokens?${query.toString()}`)) as {
      tokens: ServiceToken[];
    };
    return answer.tokens.map(({ name, slug }) => ({ name, slug }));
  }

  /** Revokes a service token; one that is gone already is fine. */
  async revokeServiceToken(project: string, config: string, slug: string): Promise<void> {
    try {
      await this.request("DELETE", "/v3/configs/config/tokens/token", { project, config, slug });
    } catch (error) {
      if (!(error instanceof DopplerError && error.status === 404)) throw error;
    }
  }

  private async request(method: string, path: string, body?: object): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.attempt(method, path, body);
      if (!(outcome instanceof DopplerError)) return outcome.document;
      const passing = outcome.status === 0 || outcome.status === 429 || outcome.status >= 500;
      if (!passing || attempt === TRIES) throw outcome;
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }

  private async attempt(
    method: string,
    path: string,
    body: object | undefined,
  ): Promise<{ document: unknown } | DopplerError> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.access.host + path, {
        method,
        headers: {
          authorization: `Bearer ${this.access.token}`,
          accept: "application/json",
          ...(body ? { "content-type": "application/json" } : {}),
        },
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      text = await response.text();
    } catch (error) {
      return new DopplerError(0, `${this.access.host} cannot be reached: ${connectionFailure(error)}`);
    }
    if (response.ok) return { document: parse(text) ?? {} };
    const messages = (parse(text) as { messages?: string[] } | undefined)?.messages;
    return new DopplerError(response.status, messages?.join("; ") ?? `HTTP ${response.status}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` hides the reason (refused, reset, timed out) in the cause of its "fetch failed". */
function connectionFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}
