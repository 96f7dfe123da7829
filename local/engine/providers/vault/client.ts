import { setTimeout as sleep } from "node:timers/promises";

import {
  sendToVault,
  type VaultAddress,
  VaultUnreachable,
  vaultErrorOf,
} from "../../../../clients/vaultHttp";
import type { OperationContext } from "../../../../provider/definition";

/** What every operation on a resource of Vault gets. */
export type Context = OperationContext<VaultAddress>;

const TRIES = 3;
const PAUSE_MILLISECONDS = 300;

/**
 * Calls Vault's API, and tries again what may pass.
 *
 * @returns the document of the answer; undefined where there is none, or nothing to read or delete
 * @throws Error with the call, and Vault's own words
 */
export async function callVault(
  { configuration, signal }: Context,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const failure = ({ message }: Error): Error =>
    new Error(`Vault at ${configuration.address}: ${method} ${path}: ${message}`);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      // A write is not cut off: Vault may have made what nobody would know of then.
      const stop = method === "GET" ? signal : undefined;
      const answer = await sendToVault(configuration, method, path, body, stop);
      if (answer.status >= 200 && answer.status < 300) return answer.document;
      // To a write it says that there is no such mount.
      if (answer.status === 404 && ["GET", "DELETE"].includes(method)) return undefined;
      const passing = answer.status === 412 || answer.status === 429 || answer.status >= 500;
      if (!passing || attempt === TRIES) throw failure(vaultErrorOf(answer));
    } catch (error) {
      if (!(error instanceof VaultUnreachable)) throw error;
      signal.throwIfAborted();
      if (attempt === TRIES) throw failure(error);
    }
    await sleep(PAUSE_MILLISECONDS * attempt, undefined, { signal });
  }
}

/** Vault's word for what a document holds. */
export async function readVault<Data>(context: Context, path: string): Promise<Data | undefined> {
  const document = (await callVault(context, "GET", path)) as { data: Data } | undefined;
  return document?.data;
}
