import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ServiceTokenGuard}. */
export interface ServiceTokenGuardArgs {
  project: pulumi.Input<string>;
  configs: pulumi.Input<pulumi.Input<string>[]>;
  /** What the names of all of this stack's tokens begin with. */
  prefix: pulumi.Input<string>;
}

/**
 * Stands under all service tokens of a stack: when it is destroyed, after them, it revokes what is left under their
 * prefix, such as a token that was minted just before a crash and that no state knows.
 */
export class ServiceTokenGuard extends pulumi.CustomResource {
  declare readonly prefix: pulumi.Output<string>;

  constructor(name: string, args: ServiceTokenGuardArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:doppler:ServiceTokenGuard", name, { ...args }, options);
  }
}
