import type { AuthBackendArgs, AuthBackendState } from "@pulumi/vault";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { type FoundTune, type Tune, tuneRequest, tuneState } from "./authBackendTune";
import { callVault, type Context, readVault } from "./client";
import { moveMount, readMount } from "./mounts";
import { NAMESPACE, refuseNamespace } from "./namespace";
import { readBack } from "./readBack";

const list = { type: "list", required: false } as const;
const text = { type: "string", required: false } as const;

/**
 * https://developer.hashicorp.com/vault/api-docs/system/auth. A path that is in use already is an error. As with the
 * vendor's provider, the id stays what it was when the path changes: it is the state's path that counts.
 */
export const authBackend = resourceType<VaultAddress, AuthBackendArgs, AuthBackendState>({
  arguments: {
    description: text,
    disableRemount: { type: "boolean", required: false },
    identityTokenKey: text,
    local: { type: "boolean", required: false, replaces: true },
    namespace: NAMESPACE,
    path: { ...text, computed: true },
    tune: {
      type: "object",
      required: false,
      computed: true,
      fields: {
        allowedResponseHeaders: list,
        auditNonHmacRequestKeys: list,
        auditNonHmacResponseKeys: list,
        defaultLeaseTtl: text,
        listingVisibility: { ...text, oneOf: ["unauth", "hidden"] },
        maxLeaseTtl: text,
        passthroughRequestHeaders: list,
        tokenType: { ...text, oneOf: ["default-service", "default-batch", "service", "batch"] },
      },
    },
    type: { type: "string", required: true, replaces: true },
  },
  check: (args) => {
    const reason = "cannot begin or end with a slash; leave the slash out";
    const isWrong = typeof args.path === "string" && /^\/|\/$/.test(args.path);
    return [...refuseNamespace(args), ...(isWrong ? [{ property: "path", reason }] : [])];
  },
  importable: true,

  create: async (context, args) => {
    const { type, description, local, tune, path = type } = args;
    const config = { identity_token_key: args.identityTokenKey };
    await callVault(context, "POST", `sys/auth/${path}`, { type, description, local, config });
    return readBack(path, args, async () => {
      if (tune) await callVault(context, "POST", `sys/auth/${path}/tune`, tuneRequest(tune, {}));
      return read(context, path, tune);
    });
  },

  read: (context, id, state) => read(context, state.path ?? id, state.tune),

  update: async (context, id, state, args) => {
    const from = state.path ?? id;
    const { path = from, tune, description = "", disableRemount } = args;
    if (from !== path) {
      if (disableRemount) {
        throw new Error(`${from} is not moved to ${path}: write its path, or disableRemount: false`);
      }
      await moveMount(context, `auth/${from}`, `auth/${path}`);
    }
    await callVault(context, "POST", `sys/auth/${path}/tune`, {
      ...(tune && tuneRequest(tune, state.tune ?? {})),
      description,
    });
    return { ...args, ...(await read(context, path, tune)) };
  },

  delete: async (context, id, state) => {
    await callVault(context, "DELETE", `sys/auth/${state.path ?? id}`);
  },
});

/** @param given how the program tunes it */
async function read(
  context: Context,
  path: string,
  given: Tune | undefined,
): Promise<PlainValues<AuthBackendState> | undefined> {
  const found = await readMount(context, "sys/auth", path);
  const tune = found && (await readVault<FoundTune>(context, `sys/auth/${path}/tune`));
  return (
    tune && {
      path,
      type: found.type,
      accessor: found.accessor,
      description: found.description,
      local: found.local,
      tune: tuneState(tune, given),
    }
  );
}
