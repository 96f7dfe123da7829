import { isPlaceholderValue, placeholderValue } from "../../components/placeholder";
import { PlatformConfiguration } from "../configuration";
import { ResourceDefinition, Values } from "../definition";
import { changedNames } from "../difference";
import { isPlaceholder } from "../../clients/vaultPlaceholders";

interface PlaceholderInputs {
  mount: string;
  path: string;
  keys: string[];
  owner: string;
  observed: boolean;
  purge: boolean;
}

/**
 * Made-up values in Vault, written with check-and-set 0: never over a value, whoever wrote it and however little
 * before. They are not in the state.
 */
export const vaultPlaceholder: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news) => {
    const changed = changedNames(olds, news);
    return { changed, replaces: changed.filter((property) => ["mount", "path"].includes(property)) };
  },
  create: async (context, inputs) => {
    const { mount, path, keys, owner } = placeholderInputs(inputs);
    const vault = context.configuration.vault();
    const values = Object.fromEntries(keys.map((key) => [key, placeholderValue()]));
    await vault.writePlaceholders(mount, path, values, owner, isPlaceholderValue);
    const pending = isPlaceholder(await vault.kvMetadata(mount, path));
    return { id: `${mount}/${path}`, outputs: { ...inputs, pending } };
  },
  previewUpdate: (_id, state, news) => ({ ...news, pending: news["observed"] ?? state["pending"] }),
  update: async (context, _id, _state, news) => {
    const { mount, path } = placeholderInputs(news);
    const pending = isPlaceholder(await context.configuration.vault().kvMetadata(mount, path));
    return { ...news, pending };
  },
  delete: async (context, _id, state) => {
    const { mount, path, purge } = placeholderInputs(state);
    if (purge && context.configuration.hasVault)
      await context.configuration.vault().kvDestroyAll(mount, path);
  },
};

function placeholderInputs(values: Values): PlaceholderInputs {
  return values as unknown as PlaceholderInputs;
}
