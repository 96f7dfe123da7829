import type { MountArgs, MountState } from "@pulumi/vault";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callVault, type Context } from "./client";
import { type FoundMount, moveMount, readMount } from "./mounts";
import { NAMESPACE, refuseNamespace } from "./namespace";
import { readBack } from "./readBack";

type Args = PlainValues<MountArgs>;
type State = PlainValues<MountState>;

const boolean = { type: "boolean", required: false } as const;
const list = { type: "list", required: false } as const;
const number = { type: "number", required: false } as const;
const text = { type: "string", required: false } as const;

/** What can be tuned besides the validity of leases, and what Vault calls it. */
const LISTS = {
  allowedManagedKeys: "allowed_managed_keys",
  allowedResponseHeaders: "allowed_response_headers",
  auditNonHmacRequestKeys: "audit_non_hmac_request_keys",
  auditNonHmacResponseKeys: "audit_non_hmac_response_keys",
  delegatedAuthAccessors: "delegated_auth_accessors",
  passthroughRequestHeaders: "passthrough_request_headers",
} as const satisfies Partial<Record<keyof MountArgs, keyof FoundMount["config"]>>;
const TEXTS = {
  identityTokenKey: "identity_token_key",
  listingVisibility: "listing_visibility",
} as const satisfies Partial<Record<keyof MountArgs, keyof FoundMount["config"]>>;

/**
 * https://developer.hashicorp.com/vault/api-docs/system/mounts. A path that is in use already is an error. As with
 * the vendor's provider, the id stays what it was when the path changes: it is the state's path that counts.
 */
export const mount = resourceType<VaultAddress, MountArgs, MountState>({
  arguments: {
    allowedManagedKeys: { type: "set", required: false },
    allowedResponseHeaders: list,
    auditNonHmacRequestKeys: { ...list, computed: true },
    auditNonHmacResponseKeys: { ...list, computed: true },
    defaultLeaseTtlSeconds: { ...number, computed: true },
    delegatedAuthAccessors: list,
    description: text,
    externalEntropyAccess: { ...boolean, replaces: true },
    forceNoCache: { ...boolean, computed: true },
    identityTokenKey: text,
    listingVisibility: text,
    local: { ...boolean, replaces: true },
    maxLeaseTtlSeconds: { ...number, computed: true },
    namespace: NAMESPACE,
    options: { type: "map", required: false },
    passthroughRequestHeaders: list,
    path: { type: "string", required: true, path: true },
    pluginVersion: text,
    sealWrap: { ...boolean, computed: true, replaces: true },
    type: { type: "string", required: true, replaces: true },
  },
  check: refuseNamespace,
  importable: true,

  create: async (context, args) => {
    await callVault(context, "POST", `sys/mounts/${args.path}`, {
      type: args.type,
      description: args.description,
      local: args.local,
      seal_wrap: args.sealWrap,
      external_entropy_access: args.externalEntropyAccess,
      options: args.options,
      config: { ...tuning(args, {}), force_no_cache: args.forceNoCache },
    });
    return readBack(args.path, args, () => read(context, args.path, args));
  },

  read: (context, id, state) => read(context, state.path ?? id, state),

  update: async (context, id, state, args) => {
    const from = state.path ?? id;
    if (from !== args.path) await moveMount(context, from, args.path);
    await callVault(context, "POST", `sys/mounts/${args.path}/tune`, {
      ...tuning(args, state),
      description: args.description ?? "",
      options: args.options ?? {},
    });
    return { ...args, ...(await read(context, args.path, args)) };
  },

  delete: async (context, id, state) => {
    await callVault(context, "DELETE", `sys/mounts/${state.path ?? id}`);
  },
});

/** What the program gives, and an empty value for what it gave before and no longer does. */
function tuning(args: Args, state: State): Record<string, unknown> {
  const lists = Object.entries(LISTS).map(([name, field]) => {
    const key = name as keyof typeof LISTS;
    return [field, args[key] ?? (state[key]?.length ? [] : undefined)] as const;
  });
  const texts = Object.entries(TEXTS).map(([name, field]) => {
    const key = name as keyof typeof TEXTS;
    return [field, args[key] ?? (state[key] ? "" : undefined)] as const;
  });
  return {
    ...(Object.fromEntries([...lists, ...texts]) as Record<string, unknown>),
    default_lease_ttl: `${args.defaultLeaseTtlSeconds ?? state.defaultLeaseTtlSeconds ?? 0}s`,
    max_lease_ttl: `${args.maxLeaseTtlSeconds ?? state.maxLeaseTtlSeconds ?? 0}s`,
    plugin_version: args.pluginVersion,
  };
}

/** @param known the arguments, or the state */
async function read(context: Context, path: string, known: State): Promise<State | undefined> {
  const found = await readMount(context, "sys/mounts", path);
  if (!found) return undefined;
  const { config } = found;
  return {
    path,
    ...typeAndOptions(found, known),
    accessor: found.accessor,
    description: found.description,
    local: found.local,
    sealWrap: found.seal_wrap,
    externalEntropyAccess: found.external_entropy_access,
    pluginVersion: found.plugin_version ?? "",
    defaultLeaseTtlSeconds: config.default_lease_ttl,
    maxLeaseTtlSeconds: config.max_lease_ttl,
    forceNoCache: config.force_no_cache,
    allowedManagedKeys: [...(config.allowed_managed_keys ?? [])].sort(),
    allowedResponseHeaders: config.allowed_response_headers ?? [],
    auditNonHmacRequestKeys: config.audit_non_hmac_request_keys ?? [],
    auditNonHmacResponseKeys: config.audit_non_hmac_response_keys ?? [],
    delegatedAuthAccessors: config.delegated_auth_accessors ?? [],
    identityTokenKey: config.identity_token_key ?? "",
    listingVisibility: config.listing_visibility ?? "",
    passthroughRequestHeaders: config.passthrough_request_headers ?? [],
  };
}

/** `kv-v2` is another name of `kv` with the option `version: 2`, which is how Vault tells it. */
function typeAndOptions(found: FoundMount, known: State): Pick<State, "type" | "options"> {
  const options = found.options ?? {};
  if (known.type !== "kv-v2" || found.type !== "kv" || options["version"] !== "2") {
    return { type: found.type, options };
  }
  const { version, ...others } = options;
  return {
    type: "kv-v2",
    options: known.options?.["version"] === undefined ? others : { ...others, version },
  };
}
