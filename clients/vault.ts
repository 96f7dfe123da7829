/**
 * The calls to Vault's API that the platform itself makes besides those of Pulumi's provider: is it ready, what is
 * there already, what is still made up; and reading and writing the values that a team brings along.
 * Source: https://developer.hashicorp.com/vault/api-docs
 */
import { isDeepStrictEqual } from "node:util";
import { sendToVault, VaultAddress, VaultAnswer, vaultErrorOf, VaultUnreachable } from "./vaultHttp";
import { isPlaceholder, placeholderMetadata, withoutPlaceholderMark } from "./vaultPlaceholders";

export { VaultError, VaultUnreachable } from "./vaultHttp";

/** A secrets engine or an auth method. */
export interface VaultMount {
  type: string;
  description: string;
  options: Readonly<Record<string, string>>;
}

/** Metadata of a KV v2 secret. */
export interface KvMetadata {
  /** 0: there is no version yet. */
  currentVersion: number;
  /** RFC 3339. */
  createdTime: string;
  customMetadata: Readonly<Record<string, string>>;
}

const TRIES = 4;

/** Vault's API with bounded retries on 412, 429, 5xx and lost connections. */
export class VaultClient {
  constructor(private readonly access: VaultAddress) {}

  /** Whether Vault can serve. @throws VaultUnreachable when nothing answers */
  async health(): Promise<{ initialized: boolean; sealed: boolean }> {
    // Vault answers with other statuses for standby, sealed and uninitialized servers: all of them carry the document.
    const { document, status } = await sendToVault(this.access, "GET", "sys/health?standbyok=true");
    const { initialized, sealed } = (document ?? {}) as { initialized?: boolean; sealed?: boolean };
    if (initialized === undefined || sealed === undefined) {
      if (status >= 502 && status <= 504) {
        throw new VaultUnreachable(`a proxy answers there, and Vault behind it does not (HTTP ${status})`);
      }
      throw new VaultUnreachable(`what answers there is no Vault (HTTP ${status})`, true);
    }
    return { initialized, sealed };
  }

  /** Logs in with a ServiceAccount's token. @returns a Vault token */
  async kubernetesLogin(path: string, role: string, jwt: string): Promise<string> {
    const document = (await this.call("POST", `auth/${path}/login`, { role, jwt })) as {
      auth: { client_token: string };
    };
    return document.auth.client_token;
  }

  /** Secrets engines or auth methods, by path without a trailing slash. */
  async mounts(kind: "secret" | "auth"): Promise<ReadonlyMap<string, VaultMount>> {
    const document = (await this.call("GET", mountsPath(kind))) as {
      data: Record<string, { type: string; description?: string; options?: Record<string, string> | null }>;
    };
    return new Map(
      Object.entries(document.data).map(([path, { type, description = "", options }]) => [
        path.replace(/\/$/, ""),
        { type, description, options: options ?? {} },
      ]),
    );
  }

  async enableMount(
    kind: "secret" | "auth",
    path: string,
    mount: { type: string; description: string; options?: Record<string, string> },
  ): Promise<void> {
    await this.call("POST", `${mountsPath(kind)}/${path}`, mount);
  }

  /** Removes a mount with everything in it. */
  async disableMount(kind: "secret" | "auth", path: string): Promise<void> {
    await this.call("DELETE", `${mountsPath(kind)}/${path}`);
  }

  /** For which API server a kubernetes auth method was configured; undefined: for none. */
  async kubernetesAuthHost(path: string): Promise<string | undefined> {
    const document = (await this.find(`auth/${path}/config`)) as
      { data: { kubernetes_host?: string } } | undefined;
    return document?.data.kubernetes_host === "" ? undefined : document?.data.kubernetes_host;
  }

  /** Whether a role of a kubernetes auth method is there. */
  async hasKubernetesRole(path: string, role: string): Promise<boolean> {
    return (await this.find(`auth/${path}/role/${role}`)) !== undefined;
  }

  /** Names of all policies. */
  async policies(): Promise<string[]> {
    const document = (await this.call("GET", "sys/policies/acl?list=true")) as { data: { keys: string[] } };
    return document.data.keys;
  }

  /** Text of a policy; undefined when it is not there. */
  async policy(name: string): Promise<string | undefined> {
    const document = (await this.find(`sys/policies/acl/${name}`)) as
      { data: { policy: string } } | undefined;
    return document?.data.policy;
  }

  /** Undefined: nothing was ever written there. */
  async kvMetadata(mount: string, path: string): Promise<KvMetadata | undefined> {
    const document = (await this.find(`${mount}/metadata/${path}`)) as
      | {
          data: {
            current_version: number;
            created_time: string;
            custom_metadata: Record<string, string> | null;
          };
        }
      | undefined;
    return (
      document && {
        currentVersion: document.data.current_version,
        createdTime: document.data.created_time,
        customMetadata: document.data.custom_metadata ?? {},
      }
    );
  }

  /**
   * Writes placeholders where nothing is, and marks them. Check-and-set 0 makes Vault refuse when there is a version
   * already, whoever wrote it and however little before. The mark comes first: an update that dies in between must
   * not leave made-up values that look like real ones. Nor may a value that somebody wrote after that pass for made up:
   * a mark that was there before is believed only of values that are.
   * @param owner full name of the stack
   * @param isMadeUp tells a made-up value by its form
   */
  async writePlaceholders(
    mount: string,
    path: string,
    values: Record<string, string>,
    owner: string,
    isMadeUp: (value: unknown) => boolean,
  ): Promise<void> {
    const before = await this.kvMetadata(mount, path);
    if (before && before.currentVersion > 0) {
      if (!isPlaceholder(before)) return;
      if (!Object.values(await this.valuesAt(mount, path)).every(isMadeUp))
        await this.takeMarkBack(mount, path);
      return;
    }
    await this.setCustomMetadata(mount, path, { ...before?.customMetadata, ...placeholderMetadata(owner) });
    if (await this.writeIfAbsent(mount, path, values)) return;
    // Somebody was faster: what stands there is theirs. An answer that was lost and tried again ends here too.
    if (!isDeepStrictEqual(await this.valuesAt(mount, path), values)) await this.takeMarkBack(mount, path);
  }

  /** What stands at a path, and its version; 0: nothing was ever written there. */
  async kvSecret(
    mount: string,
    path: string,
  ): Promise<{ values: Readonly<Record<string, unknown>>; version: number }> {
    // A version that comes in between makes a later write with check-and-set fail, and nothing is lost.
    const version = (await this.kvMetadata(mount, path))?.currentVersion ?? 0;
    return { values: await this.valuesAt(mount, path), version };
  }

  /**
   * Writes a first version.
   * @returns whether it did; false: Vault has a version already
   */
  writeIfAbsent(mount: string, path: string, values: Record<string, string>): Promise<boolean> {
    return this.writeAfter(mount, path, values, 0);
  }

  /**
   * Writes the version after one that was read.
   * @returns whether it did; false: Vault has another version by now
   */
  async writeAfter(
    mount: string,
    path: string,
    values: Readonly<Record<string, unknown>>,
    version: number,
  ): Promise<boolean> {
    const body = { options: { cas: version }, data: values };
    const answer = await this.send("POST", `${mount}/data/${path}`, body);
    if (isSuccess(answer)) return true;
    const error = vaultErrorOf(answer);
    if (error.status === 400 && error.message.includes("check-and-set")) return false;
    throw error;
  }

  /** Removes every version of a secret, and its metadata. */
  async kvDestroyAll(mount: string, path: string): Promise<void> {
    await this.call("DELETE", `${mount}/metadata/${path}`);
  }

  private async takeMarkBack(mount: string, path: string): Promise<void> {
    const metadata = await this.kvMetadata(mount, path);
    if (metadata) await this.setCustomMetadata(mount, path, withoutPlaceholderMark(metadata.customMetadata));
  }

  /** Vault replaces all of it. */
  private async setCustomMetadata(
    mount: string,
    path: string,
    metadata: Record<string, string>,
  ): Promise<void> {
    await this.call("POST", `${mount}/metadata/${path}`, { custom_metadata: metadata });
  }

  private async valuesAt(mount: string, path: string): Promise<Record<string, unknown>> {
    const document = (await this.find(`${mount}/data/${path}`)) as
      { data: { data: Record<string, unknown> | null } } | undefined;
    return document?.data.data ?? {};
  }

  /** The document at a path, or undefined when there is none. */
  private async find(path: string): Promise<unknown> {
    const answer = await this.send("GET", path);
    if (answer.status === 404) return undefined;
    if (!isSuccess(answer)) throw vaultErrorOf(answer);
    return answer.document;
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await this.send(method, path, body);
    if (!isSuccess(answer)) throw vaultErrorOf(answer);
    return answer.document;
  }

  /** Tries again what may pass; a write with check-and-set is as safe to repeat as a read. */
  private async send(method: string, path: string, body?: object): Promise<VaultAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await sendToVault(this.access, method, path, body);
        const passing =
          answer.status === 412 || answer.status === 429 || answer.status >= 500 || isUpgrading(answer);
        if (!passing || attempt === TRIES) return answer;
      } catch (error) {
        if (!(error instanceof VaultUnreachable) || attempt === TRIES) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
    }
  }
}

/** A KV store that was mounted a moment ago makes itself ready for versions first. */
function isUpgrading(answer: VaultAnswer): boolean {
  return answer.status === 400 && vaultErrorOf(answer).message.includes("Upgrading from non-versioned");
}

function isSuccess({ status }: VaultAnswer): boolean {
  return status >= 200 && status < 300;
}

function mountsPath(kind: "secret" | "auth"): string {
  return kind === "secret" ? "sys/mounts" : "sys/auth";
}
