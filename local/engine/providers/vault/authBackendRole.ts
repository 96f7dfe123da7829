import type { AuthBackendRoleArgs, AuthBackendRoleState } from "@pulumi/vault/kubernetes/authBackendRole";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callVault, type Context, readVault } from "./client";
import { NAMESPACE, refuseNamespace } from "./namespace";

/** A role as Vault tells it. */
interface Role {
  alias_name_source: string;
  audience: string | null;
  bound_service_account_names: string[];
  bound_service_account_namespace_selector?: string;
  bound_service_account_namespaces: string[] | null;
  token_bound_cidrs: string[] | null;
  token_explicit_max_ttl: number;
  token_max_ttl: number;
  token_no_default_policy: boolean;
  token_num_uses: number;
  token_period: number;
  token_policies: string[] | null;
  token_ttl: number;
  token_type: string;
}

const number = { type: "number", required: false } as const;
const set = { type: "set", required: false } as const;
const text = { type: "string", required: false } as const;

/** https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#create-update-role. What is there is overwritten. */
export const authBackendRole = resourceType<VaultAddress, AuthBackendRoleArgs, AuthBackendRoleState>({
  arguments: {
    aliasMetadata: { type: "map", required: false },
    aliasNameSource: { ...text, computed: true },
    audience: text,
    backend: { type: "string", required: false, default: "kubernetes", path: true, replaces: true },
    boundServiceAccountNames: { type: "set", required: true },
    boundServiceAccountNamespaceSelector: text,
    boundServiceAccountNamespaces: set,
    namespace: NAMESPACE,
    roleName: { type: "string", required: true, replaces: true },
    tokenBoundCidrs: set,
    tokenExplicitMaxTtl: number,
    tokenMaxTtl: number,
    tokenNoDefaultPolicy: { type: "boolean", required: false },
    tokenNumUses: number,
    tokenPeriod: number,
    tokenPolicies: set,
    tokenTtl: number,
    tokenType: { type: "string", required: false, default: "default" },
  },
  check: refuseNamespace,
  importable: true,

  create: async (context, args) => {
    const id = `auth/${args.backend ?? "kubernetes"}/role/${args.roleName}`;
    await write(context, id, args);
    return { id, outputs: { ...args, ...(await read(context, id)) } };
  },
  read,
  update: async (context, id, _state, args) => {
    await write(context, id, args);
    return { ...args, ...(await read(context, id)) };
  },
  delete: async (context, id) => {
    await callVault(context, "DELETE", id);
  },
});

async function read(context: Context, id: string): Promise<PlainValues<AuthBackendRoleState> | undefined> {
  const role = await readVault<Role>(context, id);
  if (!role) return undefined;
  const [, backend = "", roleName = ""] = /^auth\/(.+)\/role\/([^/]+)$/.exec(id) ?? [];
  return {
    backend,
    roleName,
    aliasNameSource: role.alias_name_source,
    audience: role.audience ?? "",
    boundServiceAccountNames: sorted(role.bound_service_account_names),
    boundServiceAccountNamespaceSelector: role.bound_service_account_namespace_selector ?? "",
    boundServiceAccountNamespaces: sorted(role.bound_service_account_namespaces),
    tokenBoundCidrs: sorted(role.token_bound_cidrs),
    tokenExplicitMaxTtl: role.token_explicit_max_ttl,
    tokenMaxTtl: role.token_max_ttl,
    tokenNoDefaultPolicy: role.token_no_default_policy,
    tokenNumUses: role.token_num_uses,
    tokenPeriod: role.token_period,
    tokenPolicies: sorted(role.token_policies),
    tokenTtl: role.token_ttl,
    tokenType: role.token_type,
  };
}

function sorted(values: readonly string[] | null): string[] {
  return [...(values ?? [])].sort();
}

/** Vault keeps what a call leaves out: so what the program does not give, or no longer, is written as empty. */
async function write(context: Context, id: string, args: PlainValues<AuthBackendRoleArgs>): Promise<void> {
  await callVault(context, "POST", id, {
    // Not every server knows it, and Vault itself chooses the source.
    alias_metadata: args.aliasMetadata,
    alias_name_source: args.aliasNameSource,
    audience: args.audience ?? "",
    bound_service_account_names: args.boundServiceAccountNames,
    bound_service_account_namespace_selector: args.boundServiceAccountNamespaceSelector ?? "",
    bound_service_account_namespaces: args.boundServiceAccountNamespaces ?? [],
    token_bound_cidrs: args.tokenBoundCidrs ?? [],
    token_explicit_max_ttl: args.tokenExplicitMaxTtl ?? 0,
    token_max_ttl: args.tokenMaxTtl ?? 0,
    token_no_default_policy: args.tokenNoDefaultPolicy ?? false,
    token_num_uses: args.tokenNumUses ?? 0,
    token_period: args.tokenPeriod ?? 0,
    token_policies: args.tokenPolicies ?? [],
    token_ttl: args.tokenTtl ?? 0,
    token_type: args.tokenType,
  });
}
