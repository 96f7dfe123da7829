import {
  sendToVault,
  vaultErrorOf,
  VaultUnreachable,
  type VaultAddress,
  type VaultAnswer,
} from "../../../clients/vaultHttp";
import { isKeyName } from "../keyName";
import type { Log } from "../log";
import { StoreUnavailable, StoredValue, type Store, type StoreState } from "./store";
import { VaultLogin, type VaultCredentials } from "./vaultLogin";

/** Where Vault is, and how its KV v2 store is read. */
export interface VaultStoreOptions {
  readonly vault: VaultAddress;
  readonly credentials: VaultCredentials;
  /** Path of the KV v2 mount, such as `secret`. */
  readonly mount: string;
  /** Path in it: one secret whose fields are the keys; with `{key}` in it, a secret for each key. */
  readonly path: string;
  /** The field that is the value where each key has a secret of its own. */
  readonly field: string;
  /** How long a value is served before Vault is asked again. */
  readonly cacheMilliseconds: number;
  /** How long after it was last read a value is still served while Vault cannot be read. */
  readonly staleMilliseconds: number;
}

/** A secret of Vault's, by field. */
interface CachedSecret {
  readonly fields: ReadonlyMap<string, StoredValue>;
  /** When Vault was last asked, on the clock of `performance.now`. */
  readonly readAt: number;
  /** From here on Vault is asked again, while the value is still served. */
  renewAt: number;
  /** From here on the value is not served before Vault was asked. */
  freshUntil: number;
}

const KEY_MARK = "{key}";

/** Secrets kept at most; the one that was read first goes first. */
const KEPT_SECRETS = 10_000;

/** After a failure Vault is left alone for so long, as far as there are values to serve. */
const PAUSE_MILLISECONDS = 1_000;

/** Values of Vault's KV v2 store, each secret read once for all who ask at a time, and kept for a short time. */
export class VaultStore implements Store {
  private readonly login: VaultLogin;
  private readonly secrets = new Map<string, CachedSecret>();
  private readonly running = new Map<string, Promise<CachedSecret>>();
  private readonly isPathPerKey: boolean;
  /** When Vault last answered a read. */
  private lastContact = -Infinity;
  private reads = 0;
  private failedReads = 0;
  private isStale = false;

  constructor(
    private readonly options: VaultStoreOptions,
    private readonly log: Log,
  ) {
    this.login = new VaultLogin(options.vault, options.credentials, log);
    this.isPathPerKey = options.path.includes(KEY_MARK);
  }

  find(key: string): StoredValue | undefined | Promise<StoredValue | undefined> {
    const path = this.pathOf(key);
    const field = this.isPathPerKey ? this.options.field : key;
    const cached = this.secrets.get(path);
    const now = performance.now();
    if (cached === undefined || now >= cached.freshUntil) {
      return this.refresh(path).then(({ fields }) => fields.get(field));
    }
    if (now >= cached.renewAt) {
      cached.renewAt = Infinity;
      // What goes wrong is logged there, and tried again by whoever comes after `freshUntil`.
      this.refresh(path).catch(() => undefined);
    }
    return cached.fields.get(field);
  }

  async readiness(): Promise<string | undefined> {
    const isRecent = (age: number): boolean => performance.now() - this.lastContact < age;
    if (isRecent(this.options.cacheMilliseconds)) return undefined;
    try {
      if (this.isPathPerKey) await this.request("auth/token/lookup-self");
      else await this.refresh(this.options.path);
      return undefined;
    } catch (error) {
      return isRecent(this.options.staleMilliseconds) ? undefined : (error as Error).message;
    }
  }

  state(): StoreState {
    return { reads: this.reads, failedReads: this.failedReads, isStale: this.isStale };
  }

  close(): void {
    this.login.close();
  }

  private pathOf(key: string): string {
    return this.isPathPerKey ? this.options.path.replaceAll(KEY_MARK, key) : this.options.path;
  }

  /** Reads a secret anew; where that fails, gives what was last read, for as long as it may be served. */
  private refresh(path: string): Promise<CachedSecret> {
    const running = this.running.get(path);
    if (running !== undefined) return running;
    const refresh = this.read(path)
      .then(
        (fields) => {
          this.isStale = false;
          return this.remember(path, fields);
        },
        (error: unknown) => this.lastGood(path, error as Error),
      )
      .finally(() => this.running.delete(path));
    this.running.set(path, refresh);
    return refresh;
  }

  private remember(path: string, fields: ReadonlyMap<string, StoredValue>): CachedSecret {
    const readAt = performance.now();
    const { cacheMilliseconds } = this.options;
    const secret: CachedSecret = {
      fields,
      readAt,
      renewAt: readAt + cacheMilliseconds / 2,
      freshUntil: readAt + cacheMilliseconds,
    };
    this.secrets.delete(path);
    const oldest = this.secrets.size < KEPT_SECRETS ? undefined : this.secrets.keys().next().value;
    if (oldest !== undefined) this.secrets.delete(oldest);
    this.secrets.set(path, secret);
    return secret;
  }

  private lastGood(path: string, error: Error): CachedSecret {
    const cached = this.secrets.get(path);
    const now = performance.now();
    const left = cached === undefined ? 0 : cached.readAt + this.options.staleMilliseconds - now;
    const facts = { reason: error.message };
    if (cached === undefined || left <= 0) {
      this.log.error("Vault cannot be read, and no value may be served in its place", facts);
      throw new StoreUnavailable(error.message);
    }
    this.isStale = true;
    this.log.warn("Vault cannot be read: the last values are served", {
      ...facts,
      secondsLeft: Math.round(left / 1_000),
    });
    cached.freshUntil = Math.max(cached.freshUntil, now + Math.min(PAUSE_MILLISECONDS, left));
    cached.renewAt = Infinity;
    return cached;
  }

  private async read(path: string): Promise<ReadonlyMap<string, StoredValue>> {
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const answer = await this.request(`${this.options.mount}/data/${encoded}`);
    // A secret whose last version was deleted is answered like one that was never there.
    if (answer.status === 404) return new Map();
    const { data } = (answer.document as { data: { data: Record<string, unknown> | null } }).data;
    const fields = new Map<string, StoredValue>();
    for (const [name, value] of Object.entries(data ?? {})) {
      if (isKeyName(name) && typeof value === "string") fields.set(name, new StoredValue(value));
      else
        this.log.warn("a field in Vault is left out: it is no text, or no key can have its name", { path });
    }
    return fields;
  }

  /** Sends a read, once more with a new login when the first is refused. @throws Error for all but 200 and 404 */
  private async request(path: string): Promise<VaultAnswer> {
    this.reads++;
    try {
      const token = await this.login.token();
      let answer = await this.send(path, token);
      if (answer.status === 403) {
        this.login.forget(token);
        answer = await this.send(path, await this.login.token());
      }
      const isAnswered = answer.status === 200 || (answer.status === 404 && isMissing(answer));
      if (!isAnswered) throw vaultErrorOf(answer);
      if (answer.document === undefined) throw new VaultUnreachable("what answers there is no Vault");
      this.lastContact = performance.now();
      return answer;
    } catch (error) {
      this.failedReads++;
      throw error;
    }
  }

  private send(path: string, token: string): Promise<VaultAnswer> {
    // However slowly it answers, byte by byte: it has so long.
    const limit = this.options.vault.timeoutMilliseconds;
    const signal = limit === undefined ? undefined : AbortSignal.timeout(limit);
    return sendToVault({ ...this.options.vault, token }, "GET", path, undefined, signal);
  }
}

/** No secret is there; a mount that is not there, or is none of KV v2, is answered with words. */
function isMissing({ document }: VaultAnswer): boolean {
  const { errors } = (document ?? {}) as { errors?: readonly unknown[] };
  return errors === undefined ? document !== undefined : errors.length === 0;
}
