import {
  sendToVault,
  vaultErrorOf,
  VaultUnreachable,
  type VaultAddress,
  type VaultAnswer,
} from "../../../clients/vaultHttp";
import type { Log } from "../log";
import { readText } from "../watchedFile";

/** How the service becomes somebody in Vault. */
export type VaultCredentials =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "tokenFile"; readonly file: string }
  | {
      readonly kind: "kubernetes";
      /** Path of the auth method, such as `kubernetes`. */
      readonly mount: string;
      readonly role: string;
      /** File of the ServiceAccount's token, read anew for each login: a kubelet replaces it. */
      readonly tokenFile: string;
    };

/** A token's life is renewed when this part of it is over. */
const RENEWED_PART = 2 / 3;
const SHORTEST_RENEWAL_MILLISECONDS = 1_000;
/** Longer timers would overflow. */
const LONGEST_RENEWAL_MILLISECONDS = 24 * 3_600_000;

/** A token, and what Vault said of its life. */
interface Lease {
  readonly token: string;
  /** 0: it does not end. */
  readonly seconds: number;
  readonly isRenewable: boolean;
}

/** Keeps a Vault token that is good: logs in, renews it, and logs in again when it is refused. */
export class VaultLogin {
  private lease: Lease | undefined;
  private pending: Promise<Lease> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly vault: VaultAddress,
    private readonly credentials: VaultCredentials,
    private readonly log: Log,
  ) {}

  /** A token; one login for all who wait. @throws VaultError, VaultUnreachable, Error (a file cannot be read) */
  async token(): Promise<string> {
    if (this.lease !== undefined) return this.lease.token;
    this.pending ??= this.logIn().finally(() => (this.pending = undefined));
    return (await this.pending).token;
  }

  /** Vault refused this token: the next one who asks gets another. */
  forget(token: string): void {
    if (this.lease?.token !== token) return;
    this.lease = undefined;
    clearTimeout(this.timer);
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
  }

  private async logIn(): Promise<Lease> {
    const lease = await this.newLease();
    this.keep(lease);
    this.log.info("logged in to Vault", { method: this.credentials.kind, seconds: lease.seconds });
    return lease;
  }

  private async newLease(): Promise<Lease> {
    const { credentials } = this;
    if (credentials.kind === "kubernetes") {
      const { mount, role, tokenFile } = credentials;
      const body = { role, jwt: readText(tokenFile).trim() };
      return leaseOf(await this.send(undefined, "POST", `auth/${mount}/login`, body));
    }
    const token = credentials.kind === "token" ? credentials.token : readText(credentials.file).trim();
    const answer = await this.send(token, "GET", "auth/token/lookup-self");
    const { data } = answer.document as { data: { ttl: number; renewable?: boolean } };
    return { token, seconds: data.ttl, isRenewable: data.renewable ?? false };
  }

  private keep(lease: Lease): void {
    this.lease = lease;
    clearTimeout(this.timer);
    if (lease.seconds === 0 || this.isClosed) return;
    const due = Math.min(
      Math.max(lease.seconds * 1_000 * RENEWED_PART, SHORTEST_RENEWAL_MILLISECONDS),
      LONGEST_RENEWAL_MILLISECONDS,
    );
    this.timer = setTimeout(() => void this.renew(lease), due).unref();
  }

  /** A token that cannot be renewed is replaced before it ends; where that fails, it is used for what is left of it. */
  private async renew(lease: Lease): Promise<void> {
    try {
      const renewed = lease.isRenewable
        ? leaseOf(await this.send(lease.token, "POST", "auth/token/renew-self", {}))
        : undefined;
      // At the end of its longest life a renewal brings less and less.
      if (renewed !== undefined && renewed.seconds >= lease.seconds / 2) this.keep(renewed);
      else this.keep(await this.newLease());
      this.log.debug("login to Vault renewed");
    } catch (error) {
      this.log.warn("login to Vault cannot be renewed", { reason: (error as Error).message });
      this.keep({ ...lease, seconds: lease.seconds * (1 - RENEWED_PART) });
      if (lease.seconds < 2) this.forget(lease.token);
    }
  }

  private async send(
    token: string | undefined,
    method: string,
    path: string,
    body?: object,
  ): Promise<VaultAnswer> {
    const address = token === undefined ? this.vault : { ...this.vault, token };
    const answer = await sendToVault(address, method, path, body);
    if (answer.status !== 200) throw vaultErrorOf(answer);
    if (answer.document === undefined) throw new VaultUnreachable("what answers there is no Vault");
    return answer;
  }
}

function leaseOf({ document }: VaultAnswer): Lease {
  const { auth } = document as {
    auth: { client_token: string; lease_duration: number; renewable: boolean };
  };
  return { token: auth.client_token, seconds: auth.lease_duration, isRenewable: auth.renewable };
}
