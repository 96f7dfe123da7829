import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ClaimedVaultMount}. */
export interface ClaimedVaultMountArgs {
  /** A secrets engine, or an auth method. */
  kind: "secret" | "auth";
  /** Its path, such as `secret` or `kubernetes`. */
  path: string;
  /** Vault's name of the plugin, such as `kv` or `kubernetes`. */
  type: string;
  /** Options of a secrets engine, such as `{ version: "2" }`. */
  options?: Record<string, string>;
  /** Full name of the stack, kept in the description of what it makes. */
  owner: string;
  /** Whether destroying removes what this stack made, with everything in it. */
  removable: boolean;
}

/** A mount of Vault that is used when it is there, and made when it is not. */
export class ClaimedVaultMount extends pulumi.CustomResource {
  constructor(name: string, args: ClaimedVaultMountArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:vault:ClaimedVaultMount", name, { ...args }, options);
  }
}
