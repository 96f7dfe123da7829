import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link VaultPlaceholder}. */
export interface VaultPlaceholderArgs {
  /** The KV v2 mount, and the path below it. */
  mount: string;
  path: string;
  /** Keys that get made-up values. */
  keys: readonly string[];
  /** Full name of the stack, kept in the secret's metadata. */
  owner: string;
  /** Whether placeholders stood there before the update: with another answer, it looks again. */
  observed: boolean;
  /** Whether destroying removes the secret from Vault, real values too. */
  purge: boolean;
}

/** Made-up values in Vault, written once and only where nothing is. Destroying leaves them, unless told otherwise. */
export class VaultPlaceholder extends pulumi.CustomResource {
  /** Whether the made-up values stand there still. */
  declare readonly pending: pulumi.Output<boolean>;

  constructor(name: string, args: VaultPlaceholderArgs, options?: pulumi.CustomResourceOptions) {
    super(
      "secrets-platform:vault:VaultPlaceholder",
      name,
      { ...args, keys: [...args.keys], pending: undefined },
      options,
    );
  }
}
