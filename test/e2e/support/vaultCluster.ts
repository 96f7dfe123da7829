import assert from "node:assert/strict";
import { Embedded } from "./embedded";
import { OpenBaoServer } from "./openbaoServer";
import { PulumiStack, StackValues } from "./pulumiStack";

/** A stack that reads from a Vault of its own, which can be sealed and ended without harm to others. */
export class VaultCluster {
  private constructor(
    readonly embedded: Embedded,
    readonly vault: OpenBaoServer,
    readonly stack: PulumiStack,
  ) {}

  /** @param port of the server, on the node's own address. It is started by whoever needs it */
  static async make(name: string, port: number): Promise<VaultCluster> {
    const embedded = await Embedded.connect();
    const vault = new OpenBaoServer(port, embedded.logs);
    const values = embedded.stackValues("dev", { vault: { address: vault.address } });
    const stack = new PulumiStack(name, embedded, values);
    await stack.create();
    return new VaultCluster(embedded, vault, stack);
  }

  /** Starts the server, and makes it ready to serve. */
  async startVault(): Promise<void> {
    await this.vault.start();
    await this.vault.initialize();
    await this.vault.unseal();
  }

  /** Changes the stack's configuration of Vault. */
  configure(changes: StackValues): void {
    const { values } = this.stack;
    this.stack.values = { ...values, vault: { ...(values["vault"] as object), ...changes } };
  }

  /** Updates, and gives what was printed. @throws AssertionError with it when the update fails */
  async up(): Promise<string> {
    const { code, output } = await this.stack.up({ environment: this.environment() });
    assert.equal(code, 0, output);
    return output;
  }

  /** Updates, expecting that it fails; gives what was printed. */
  async failingUp(environment: Record<string, string> = this.environment()): Promise<string> {
    const { code, output } = await this.stack.up({ environment });
    assert.notEqual(code, 0, output);
    return output;
  }

  /** Variables of the engine: the token of this Vault. */
  environment(): Record<string, string> {
    return { VAULT_TOKEN: this.vault.token, VAULT_ADDR: this.vault.address };
  }

  async remove(): Promise<void> {
    this.stack.remove();
    await this.vault.remove();
  }
}
