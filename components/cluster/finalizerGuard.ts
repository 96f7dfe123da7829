import * as pulumi from "@pulumi/pulumi";

/** An object whose deletion waits for its operator. */
export interface HeldObject {
  /** Its path in the Kubernetes API. */
  path: string;
  /** The operator's Deployment. */
  operator: { namespace: string; deployment: string };
}

/** Arguments of {@link FinalizerGuard}. */
export interface FinalizerGuardArgs {
  objects: readonly HeldObject[];
}

/**
 * Lets objects go that are to be deleted while their operator is away. It must depend on them, so that it changes
 * or is destroyed before they are.
 */
export class FinalizerGuard extends pulumi.CustomResource {
  constructor(name: string, args: FinalizerGuardArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:cluster:FinalizerGuard", name, { objects: [...args.objects] }, options);
  }
}
