import { createHash, randomBytes, randomUUID } from "node:crypto";
import { badRequest, serviceTokenNotFound } from "../errors";
import type { Config } from "../workplace/config";

/** What a service token may do with the secrets of its config. */
export const ACCESS_LEVELS = ["read", "read/write"] as const;
export type Access = (typeof ACCESS_LEVELS)[number];

interface Credential {
  /** How the token is named in lists, logs and counters. Says nothing about its key. */
  readonly slug: string;
  readonly name: string;
  /** The key with all but its end left out, as Doppler shows it to the token's owner. */
  readonly preview: string;
  readonly createdAt: Date;
  lastSeenAt: Date | null;
}

/** The token that provisions: it may do everything in the workplace. */
export interface ServiceAccountToken extends Credential {
  readonly kind: "service-account";
}

/** A token that reads, and with `read/write` writes, the secrets of one config and nothing else. */
export interface ServiceToken extends Credential {
  readonly kind: "service-token";
  readonly config: Config;
  readonly access: Access;
  readonly expiresAt: Date | null;
}

/** Whoever makes a call. */
export type Caller = ServiceAccountToken | ServiceToken;

/** What a new service token is made of. */
export interface ServiceTokenArguments {
  name: string;
  /** Default: `read`. */
  access?: Access;
  /** Default: null, the token never expires. */
  expiresAt?: Date | null;
}

const SERVICE_ACCOUNT_KEY = /^dp\.sa\.[A-Za-z0-9]{40,44}$/;
const KEY_LENGTH = 43;
/** Doppler leaves the config out of the key when its name is not of this length. */
const CONFIG_IN_KEY = /^[a-z0-9_-]{2,35}$/;

/** Makes the key of a service account token, of the form that Doppler's have. */
export function newServiceAccountKey(): string {
  return `dp.sa.${randomText(KEY_LENGTH)}`;
}

/** Whether a text has the form of a service account token: `dp.sa.` and 40 to 44 letters and digits. */
export function isServiceAccountKey(key: string): boolean {
  return SERVICE_ACCOUNT_KEY.test(key);
}

/** The live tokens. Only hashes of their keys are kept: a key is known to whoever it was given to. */
export class Tokens {
  readonly #serviceTokens = new Map<string, ServiceToken>();
  readonly #admin: ServiceAccountToken;
  readonly #adminHash: string;

  /**
   * @param adminKey the key of the one service account token.
   * @param uniqueNames whether a second token of the same name in a config is refused. Doppler does not document
   *   which it does.
   * @param now the present time.
   */
  constructor(
    adminKey: string,
    private readonly uniqueNames: boolean,
    private readonly now: () => Date,
  ) {
    this.#adminHash = hash(adminKey);
    this.#admin = {
      kind: "service-account",
      slug: "admin",
      name: "admin",
      preview: previewOf(adminKey),
      createdAt: now(),
      lastSeenAt: null,
    };
  }

  /** Whose key this is, or undefined when it is unknown, revoked or expired. */
  find(key: string): Caller | undefined {
    const hashed = hash(key);
    return hashed === this.#adminHash ? this.#admin : this.#live().get(hashed);
  }

  /** Makes a service token. The key is returned here and never again. */
  mint(config: Config, { name, access = "read", expiresAt = null }: ServiceTokenArguments): MintedToken {
    if (this.uniqueNames && this.of(config).some((token) => token.name === name)) {
      throw badRequest("Name is already in use");
    }
    const inKey = CONFIG_IN_KEY.test(config.name) ? `${config.name}.` : "";
    const key = `dp.st.${inKey}${randomText(KEY_LENGTH)}`;
    const token: ServiceToken = {
      kind: "service-token",
      slug: randomUUID(),
      name,
      preview: previewOf(key),
      createdAt: this.now(),
      lastSeenAt: null,
      config,
      access,
      expiresAt,
    };
    this.#serviceTokens.set(hash(key), token);
    return { token, key };
  }

  /** The live service tokens of a config, oldest first. */
  of(config: Config): ServiceToken[] {
    return this.all().filter((token) => token.config === config);
  }

  /** All live service tokens, oldest first. */
  all(): ServiceToken[] {
    return [...this.#live().values()];
  }

  /** Revokes a service token of the config, named by its slug or its key. */
  revoke(config: Config, token: { slug: string } | { key: string }): void {
    const wanted = "key" in token ? hash(token.key) : undefined;
    for (const [hashed, candidate] of this.#live()) {
      const named = "slug" in token ? candidate.slug === token.slug : hashed === wanted;
      if (named && candidate.config === config) {
        this.#serviceTokens.delete(hashed);
        return;
      }
    }
    throw serviceTokenNotFound();
  }

  /** Revokes all service tokens of configs that are deleted. */
  revokeAll(configs: readonly Config[]): void {
    for (const [hashed, token] of this.#serviceTokens) {
      if (configs.includes(token.config)) {
        this.#serviceTokens.delete(hashed);
      }
    }
  }

  #live(): ReadonlyMap<string, ServiceToken> {
    for (const [hashed, { expiresAt }] of this.#serviceTokens) {
      if (expiresAt !== null && expiresAt <= this.now()) {
        this.#serviceTokens.delete(hashed);
      }
    }
    return this.#serviceTokens;
  }
}

/** A new service token and its key. */
export interface MintedToken {
  token: ServiceToken;
  key: string;
}

function hash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

function previewOf(key: string): string {
  return `${key.slice(0, "dp.st".length)}...${key.slice(-6)}`;
}

/** Random letters and digits. Bytes that would make some of them likelier are thrown away. */
function randomText(length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const evenly = 256 - (256 % letters.length);
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      text += byte < evenly ? letters.charAt(byte % letters.length) : "";
    }
  }
  return text.slice(0, length);
}
