import assert from "node:assert/strict";

import type { Values } from "../../../provider/definition";
import { DevVault } from "../../support/devVault";
import { Provider } from "./provider";

const VARIABLES = ["VAULT_ADDR", "VAULT_TOKEN", "VAULT_CACERT", "VAULT_NAMESPACE", "VAULT_SKIP_VERIFY"];

/** A resource that was made. */
export interface Created {
  id: string;
  inputs: Values;
  state: Values;
}

/** The embedded vault provider with a server of its own. */
export class VaultSubject {
  private constructor(
    readonly vault: DevVault,
    readonly provider: Provider,
  ) {}

  static async start(): Promise<VaultSubject> {
    const [vault, provider] = await Promise.all([DevVault.start(), startVaultProvider()]);
    await configureFor(provider, vault);
    return new VaultSubject(vault, provider);
  }

  async stop(): Promise<void> {
    await this.provider.stop();
    await this.vault.stop();
  }

  /** Arguments that have to be right, with defaults. */
  async checked(type: string, news: Values, olds: Values = {}): Promise<Values> {
    const { inputs, failures } = await this.provider.check(type, news, olds);
    assert.deepEqual(failures, []);
    return inputs;
  }

  async created(type: string, news: Values): Promise<Created> {
    const inputs = await this.checked(type, news);
    const { id, values } = await this.provider.create(type, inputs);
    return { id, inputs, state: values };
  }

  /** What a refresh makes of a resource, and what the same program would change afterwards. */
  async refreshed(
    type: string,
    { id, inputs, state }: Created,
  ): Promise<{ id: string; state: Values; changed: string[] }> {
    const read = await this.provider.read(type, id, state, inputs);
    const { changed } = await this.provider.diff(type, id, read.inputs.values, inputs, read.state.values);
    return { id: read.id, state: read.state.values, changed };
  }
}

/** Starts the embedded vault provider, which takes nothing from this process's environment. */
export async function startVaultProvider(engine?: string): Promise<Provider> {
  const saved = VARIABLES.map((name) => [name, process.env[name]] as const);
  VARIABLES.forEach((name) => Reflect.deleteProperty(process.env, name));
  try {
    return await Provider.start("local/engine/providers/vault/main.ts", engine);
  } finally {
    Object.assign(process.env, Object.fromEntries(saved.filter(([, value]) => value !== undefined)));
  }
}

/** Gives a provider the root token of a server. */
export async function configureFor(provider: Provider, { address, token }: DevVault): Promise<void> {
  await provider.configure({ address, token, skipChildToken: "true" }, ["token"]);
}
