import type { PolicyArgs, PolicyState } from "@pulumi/vault";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import { resourceType } from "../resourceType";
import { callVault, readVault } from "./client";
import { NAMESPACE, refuseNamespace } from "./namespace";

/** https://developer.hashicorp.com/vault/api-docs/system/policies. What is there already is overwritten. */
export const policy = resourceType<VaultAddress, PolicyArgs, PolicyState>({
  arguments: {
    name: { type: "string", required: false, replaces: true },
    namespace: NAMESPACE,
    policy: { type: "string", required: true },
  },
  check: refuseNamespace,
  autonamed: "name",
  importable: true,

  create: async (context, args) => {
    const name = args.name ?? "";
    await callVault(context, "PUT", path(name), { policy: args.policy });
    return { id: name, outputs: args };
  },

  // A policy that is gone reads as an empty one, and the next update writes it again.
  read: async (context, id) => {
    const found = await readVault<{ policy: string }>(context, path(id));
    return { name: id, policy: found?.policy ?? "" };
  },

  update: async (context, id, _state, args) => {
    await callVault(context, "PUT", path(id), { policy: args.policy });
    return args;
  },

  delete: async (context, id) => {
    await callVault(context, "DELETE", path(id));
  },
});

function path(name: string): string {
  return `sys/policies/acl/${encodeURIComponent(name)}`;
}
