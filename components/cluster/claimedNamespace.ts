import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ClaimedNamespace}. */
export interface ClaimedNamespaceArgs {
  name: pulumi.Input<string>;
  /** Labels of the namespace, set only when this stack makes it. */
  labels: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Full name of the stack, kept in an annotation of a namespace that it makes. */
  owner: pulumi.Input<string>;
}

/**
 * A namespace that is used when it is there, and made when it is not. Destroying deletes it only when this stack
 * made it and nothing that the stack does not own is left in it.
 */
export class ClaimedNamespace extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  /** Whether this stack made it. */
  declare readonly made: pulumi.Output<boolean>;

  constructor(name: string, args: ClaimedNamespaceArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:cluster:ClaimedNamespace", name, { ...args, made: undefined }, options);
  }
}
