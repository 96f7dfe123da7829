/** Where values of Secrets are kept, to read and to write: configs in Doppler, and paths in Vault. */
import { DopplerClient } from "../../clients/doppler";
import { VaultClient } from "../../clients/vault";
import type { ResolvedSecret } from "../../config/application";

/** What a place has. */
export interface Stored {
  readonly values: ReadonlyMap<string, unknown>;
  /** Adds values to it, and replaces those of the same names. @throws Error when it has changed since it was read */
  write(values: ReadonlyMap<string, string>): Promise<void>;
}

/** A place that Secrets are read from. */
export interface Store {
  /** How messages name it, such as `Vault secret/shop/database`. */
  readonly title: string;
  /** Why a value cannot be kept there as it is; undefined when it can. */
  refusal(value: string): string | undefined;
  read(): Promise<Stored>;
}

/** How to reach the stores. */
export interface StoreAccess {
  readonly doppler: { readonly client: DopplerClient; readonly project: string } | undefined;
  readonly vault: { readonly client: VaultClient; readonly mount: string } | undefined;
}

/** The place that a Secret is read from; undefined: it is the deployer's environment. @throws Error without access */
export function storeOf(secret: ResolvedSecret, { doppler, vault }: StoreAccess): Store | undefined {
  if (secret.source === "environment") return undefined;
  if (secret.source === "doppler") {
    if (doppler === undefined)
      throw new Error(
        "Doppler cannot be reached: set DOPPLER_TOKEN, and name the project with --doppler-project",
      );
    return dopplerStore(doppler.client, doppler.project, secret.config);
  }
  if (vault === undefined) throw new Error("Vault cannot be reached: set VAULT_ADDR and VAULT_TOKEN");
  return vaultStore(vault.client, vault.mount, secret.path);
}

function dopplerStore(client: DopplerClient, project: string, config: string): Store {
  return {
    title: `Doppler ${project}/${config}`,
    refusal: (value) =>
      /\$\{[^}]*\}/.test(value)
        ? "a value with ${...} in it, which Doppler takes for a reference"
        : undefined,
    read: async () => ({
      values: new Map(Object.entries(await client.secretValues(project, config))),
      write: (values) => client.writeSecrets(project, config, Object.fromEntries(values)),
    }),
  };
}

function vaultStore(client: VaultClient, mount: string, path: string): Store {
  const title = `Vault ${mount}/${path}`;
  return {
    title,
    refusal: () => undefined,
    read: async () => {
      const { values: present, version } = await client.kvSecret(mount, path);
      return {
        values: new Map(Object.entries(present)),
        write: async (values) => {
          const all = { ...present, ...Object.fromEntries(values) };
          if (!(await client.writeAfter(mount, path, all, version)))
            throw new Error(`${title} was changed by somebody else meanwhile; run this again`);
        },
      };
    },
  };
}
