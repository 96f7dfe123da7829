import { setTimeout as sleep } from "node:timers/promises";

import { callVault, type Context, readVault } from "./client";

/** A secrets engine or an auth method as Vault tells it; what it does not know it leaves out. */
export interface FoundMount {
  type: string;
  accessor: string;
  description: string;
  local: boolean;
  seal_wrap: boolean;
  external_entropy_access: boolean;
  plugin_version?: string;
  options: Record<string, string> | null;
  config: {
    default_lease_ttl: number;
    max_lease_ttl: number;
    force_no_cache: boolean;
    listing_visibility?: string;
    allowed_managed_keys?: string[];
    allowed_response_headers?: string[];
    audit_non_hmac_request_keys?: string[];
    audit_non_hmac_response_keys?: string[];
    delegated_auth_accessors?: string[];
    identity_token_key?: string;
    passthrough_request_headers?: string[];
  };
}

/** Where Vault keeps secrets engines, and where auth methods. */
export type MountTable = "sys/mounts" | "sys/auth";

/** How Vault says, with status 400, that there is no such mount. */
const ABSENT = /No (secret|auth) engine (mount )?at /;

/** How long a mount may take to move, in milliseconds. */
const MOVE_MILLISECONDS = 60_000;

/** What is mounted at a path; undefined when nothing is. */
export async function readMount(
  context: Context,
  table: MountTable,
  path: string,
): Promise<FoundMount | undefined> {
  try {
    return await readVault<FoundMount>(context, `${table}/${path}`);
  } catch (error) {
    if (error instanceof Error && ABSENT.test(error.message)) return undefined;
    throw error;
  }
}

/**
 * Moves a mount with everything in it, and waits until it is there.
 *
 * @param from path; that of an auth method begins with `auth/`
 * @throws Error when Vault cannot move it, or is not done within a minute
 */
export async function moveMount(context: Context, from: string, to: string): Promise<void> {
  const started = (await callVault(context, "POST", "sys/remount", { from, to })) as {
    data: { migration_id: string };
  };
  const deadline = Date.now() + MOVE_MILLISECONDS;
  for (;;) {
    const status = await moveStatus(context, started.data.migration_id);
    if (status === "success") return;
    if (status === "failure" || Date.now() > deadline) {
      const what = status === "failure" ? "could not be moved" : "was not moved within a minute";
      throw new Error(`the mount ${from} ${what} to ${to}: Vault's own log tells why`);
    }
    await sleep(100, undefined, { signal: context.signal });
  }
}

async function moveStatus(context: Context, migration: string): Promise<string> {
  const found = await readVault<{ migration_info: { status: string } }>(
    context,
    `sys/remount/status/${migration}`,
  );
  // Vault forgets a move some time after it was done.
  return found?.migration_info.status ?? "success";
}
