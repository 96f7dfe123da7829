/** How the secrets service is asked. */
export interface SecretsClientOptions {
  /** Base URL, such as `http://secrets.secrets-service.svc:8000`. */
  readonly url: string;
  /** The caller's token; a function is asked each time, for a token that a kubelet replaces. */
  readonly token: string | (() => string | Promise<string>);
  /** Name of the token's header. Default: `X-Internal-Token`. */
  readonly header?: string;
  /** How long one try may take, in milliseconds. Default: 2 s. */
  readonly timeoutMilliseconds?: number;
  /** How often a request is sent again when its connection failed. Default: 2. */
  readonly retries?: number;
}

/** The service refused: its stable code, such as `key_refused`. */
export class SecretRefused extends Error {
  override readonly name = "SecretRefused";

  constructor(
    readonly key: string,
    readonly status: number,
    readonly code: string,
  ) {
    super(`the secrets service refused ${key}: ${code} (HTTP ${status})`);
  }
}

/** Nothing answered, or not in time. */
export class SecretsUnreachable extends Error {
  override readonly name = "SecretsUnreachable";
}

const TIMEOUT_MILLISECONDS = 2_000;
const RETRIES = 2;
const PAUSE_MILLISECONDS = 100;

/** Asks the secrets service for values. It keeps none: each call asks. */
export class SecretsClient {
  constructor(private readonly options: SecretsClientOptions) {}

  /** The value of a key. @throws SecretRefused, SecretsUnreachable */
  async get(key: string): Promise<string> {
    const { status, document } = await this.request(key);
    if (status === 200 && typeof document.value === "string") return document.value;
    throw new SecretRefused(key, status, typeof document.code === "string" ? document.code : "unknown");
  }

  /** Like `get`; undefined where the key is not there. */
  async find(key: string): Promise<string | undefined> {
    try {
      return await this.get(key);
    } catch (error) {
      if (error instanceof SecretRefused && error.code === "key_unknown") return undefined;
      throw error;
    }
  }

  /** Only a connection that fails is tried again: an answer is an answer, and one that takes too long took its time. */
  private async request(key: string): Promise<Answer> {
    const { url, token, header = "X-Internal-Token", retries = RETRIES } = this.options;
    const timeout = this.options.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS;
    const address = `${url.replace(/\/+$/, "")}/secret?key=${encodeURIComponent(key)}`;
    for (let tries = 0; ; tries++) {
      const shown = typeof token === "string" ? token : await token();
      try {
        // A redirect would carry the token to somebody else.
        const response = await fetch(address, {
          headers: { [header]: shown },
          redirect: "error",
          signal: AbortSignal.timeout(timeout),
        });
        return { status: response.status, document: parsed(await response.text()) };
      } catch (error) {
        if ((error as Error).name === "TimeoutError") {
          throw new SecretsUnreachable(`the secrets service did not answer within ${timeout} ms`);
        }
        if (tries >= retries) {
          const { code } = ((error as Error).cause ?? {}) as { code?: string };
          throw new SecretsUnreachable(`the secrets service cannot be reached: ${code ?? "no connection"}`);
        }
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS * 2 ** tries));
      }
    }
  }
}

/** An answer, whatever it says. */
interface Answer {
  readonly status: number;
  readonly document: { readonly value?: unknown; readonly code?: unknown };
}

function parsed(text: string): Answer["document"] {
  try {
    return (JSON.parse(text) ?? {}) as Answer["document"];
  } catch {
    // Its message could quote the body.
    return {};
  }
}
