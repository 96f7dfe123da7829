import * as pulumi from "@pulumi/pulumi";

/**
 * Stands between what a stack has in Vault and what it has in the cluster. It depends on the one, and every namespace
 * on it: so a destroy takes everything out of the cluster first, and only then needs Vault.
 */
export class VaultReady extends pulumi.CustomResource {
  constructor(name: string, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:vault:VaultReady", name, {}, options);
  }
}
