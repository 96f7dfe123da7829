import * as pulumi from "@pulumi/pulumi";
import { ClaimedVaultMount } from "./claimedVaultMount";

/** Arguments of {@link VaultBackend}. */
export interface VaultBackendArgs {
  /** Path of the KV v2 mount. */
  mount: string;
  /** Path of the kubernetes auth method. */
  auth: string;
  /** Full name of the stack. */
  owner: string;
  /** Whether destroying removes the KV v2 mount, with every value in it, when this stack made it. */
  purge: boolean;
}

/** What every application's secrets in Vault stand on: the KV v2 mount and the kubernetes auth method. */
export class VaultBackend extends pulumi.ComponentResource {
  readonly mount: ClaimedVaultMount;
  readonly auth: ClaimedVaultMount;

  constructor(name: string, args: VaultBackendArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:vault:VaultBackend", name, {}, options);
    const { mount, auth, owner, purge } = args;

    this.auth = new ClaimedVaultMount(
      `${name}-auth`,
      { kind: "auth", path: auth, type: "kubernetes", owner, removable: true },
      { parent: this },
    );
    this.mount = new ClaimedVaultMount(
      `${name}-mount`,
      { kind: "secret", path: mount, type: "kv", options: { version: "2" }, owner, removable: purge },
      // Pulumi may have logged in with that very method: it goes last.
      { parent: this, dependsOn: this.auth },
    );

    this.registerOutputs({});
  }
}
