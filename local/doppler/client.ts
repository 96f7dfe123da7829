import type { Access } from "./access/tokens";
import type { Counters } from "./control/counters";
import type { Fault } from "./control/faults";
import type { TokenSummary } from "./control/token-summary";

/** A service token that was just minted. The key is known only here. */
export interface NewServiceToken {
  slug: string;
  key: string;
}

/** Talks to an emulator that runs in another process: its control surface, and what tests need of Doppler's API. */
export class DopplerEmulatorClient {
  /**
   * @param url base URL, without a slash at its end.
   * @param adminToken key of the emulator's service account token.
   * @param timeoutMilliseconds how long a call may take. Default: 10,000.
   */
  constructor(
    private readonly url: string,
    private readonly adminToken: string,
    private readonly timeoutMilliseconds = 10_000,
  ) {}

  /** Whether the emulator answers. */
  async healthy(): Promise<boolean> {
    return this.#call("GET", "/_emulator/health").then(
      () => true,
      () => false,
    );
  }

  /** Calls since the start or the last reset. */
  async counters(): Promise<Counters> {
    return (await this.#call("GET", "/_emulator/counters")) as Counters;
  }

  async resetCounters(): Promise<void> {
    await this.#call("DELETE", "/_emulator/counters");
  }

  /** Switches a fault on, besides those that are on. */
  async setFault(fault: Fault): Promise<void> {
    await this.#call("POST", "/_emulator/faults", fault);
  }

  /** The faults that are on. */
  async faults(): Promise<Fault[]> {
    return ((await this.#call("GET", "/_emulator/faults")) as { faults: Fault[] }).faults;
  }

  async clearFaults(): Promise<void> {
    await this.#call("DELETE", "/_emulator/faults");
  }

  /** Sets a secret as somebody in the dashboard would; null deletes it. */
  async setSecret(project: string, config: string, name: string, value: string | null): Promise<void> {
    await this.#call("PUT", "/_emulator/secrets", { project, config, name, value });
  }

  /** The live service tokens, without their keys. */
  async tokens(): Promise<TokenSummary[]> {
    return ((await this.#call("GET", "/_emulator/tokens")) as { tokens: TokenSummary[] }).tokens;
  }

  /** Mints a service token through Doppler's API, as somebody by hand would. */
  async mintServiceToken(
    project: string,
    config: string,
    name: string,
    access: Access = "read",
  ): Promise<NewServiceToken> {
    const body = { project, config, name, access };
    const answer = await this.#call("POST", "/v3/configs/config/tokens", body);
    return (answer as { token: NewServiceToken }).token;
  }

  /** Revokes a service token through Doppler's API. */
  async revokeServiceToken(project: string, config: string, slug: string): Promise<void> {
    await this.#call("DELETE", "/v3/configs/config/tokens/token", { project, config, slug });
  }

  /** All secrets of a config, references resolved, with those that Doppler manages. */
  async secrets(project: string, config: string): Promise<Record<string, string>> {
    const query = new URLSearchParams({ project, config }).toString();
    return (await this.#call("GET", `/v3/configs/config/secrets/download?${query}`)) as Record<
      string,
      string
    >;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.adminToken}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(this.timeoutMilliseconds),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(
        `Doppler emulator: ${method} ${path.split("?")[0] ?? path}: ${response.status} ${text}`,
      );
    }
    return JSON.parse(text);
  }
}
