import { VaultClient } from "../../clients/vault";
import { mountDescription } from "../../components/vault/mountDescription";
import { PlatformConfiguration } from "../configuration";
import { ResourceDefinition, Values } from "../definition";
import { changedNames } from "../difference";

interface MountInputs {
  kind: "secret" | "auth";
  path: string;
  type: string;
  options?: Record<string, string>;
  owner: string;
  removable: boolean;
}

/** A secrets engine or auth method that is used when it is there, and made when not. */
export const claimedVaultMount: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news) => {
    const changed = changedNames(olds, news);
    return { changed, replaces: changed.filter((property) => ["kind", "path", "type"].includes(property)) };
  },
  create: async (context, inputs) => {
    const mount = mountInputs(inputs);
    const made = await makeMount(context.configuration.vault(), mount);
    return { id: `${mount.kind}/${mount.path}`, outputs: { ...inputs, made } };
  },
  read: async (context, id, state, inputs) => {
    const { kind, path } = mountInputs(state);
    const mounts = await context.configuration.vault().mounts(kind);
    return mounts.has(path) ? { id, outputs: state, inputs: inputs ?? {} } : undefined;
  },
  update: (_context, _id, state, news) => Promise.resolve({ ...news, made: state["made"] }),
  delete: async (context, _id, state) => {
    const { kind, path, owner, removable } = mountInputs(state);
    if (state["made"] !== true || !removable) return;
    if (!context.configuration.hasVault) {
      context.log("warning", `${path} stays in Vault: \`vault\` is gone from the stack's configuration`);
      return;
    }
    const vault = context.configuration.vault();
    const mounts = await vault.mounts(kind);
    // Someone else took it over, or it is gone: not ours to remove.
    if (mounts.get(path)?.description === mountDescription(owner)) await vault.disableMount(kind, path);
  },
};

/** @returns whether it is this stack's own: made now, or made by an update that died before noting it */
async function makeMount(vault: VaultClient, mount: MountInputs): Promise<boolean> {
  const { kind, path, type, options, owner } = mount;
  const description = mountDescription(owner);
  const found = (await vault.mounts(kind)).get(path);
  if (!found) {
    await vault.enableMount(kind, path, { type, description, ...(options ? { options } : {}) });
    return true;
  }
  if (found.type !== type) {
    throw new Error(
      `Vault has something of type ${found.type} at ${path} and not of type ${type}: choose another path in ` +
        `vault.${kind === "secret" ? "mount" : "auth.path"}`,
    );
  }
  return found.description === description;
}

function mountInputs(values: Values): MountInputs {
  return values as unknown as MountInputs;
}
