import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link ClaimedServiceAccount}. */
export interface ClaimedServiceAccountArgs {
  namespace: string;
  name: string;
  /** Labels of the ServiceAccount, set only when this stack makes it. */
  labels: Record<string, string>;
  /** Full name of the stack, kept in an annotation of a ServiceAccount that it makes. */
  owner: string;
}

/**
 * A ServiceAccount that is used when it is there, and made when it is not. One that was there already is never
 * changed, taken over or deleted.
 */
export class ClaimedServiceAccount extends pulumi.CustomResource {
  constructor(name: string, args: ClaimedServiceAccountArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:cluster:ClaimedServiceAccount", name, { ...args }, options);
  }
}
