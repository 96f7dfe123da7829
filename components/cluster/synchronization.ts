import * as pulumi from "@pulumi/pulumi";

/** One sync object that must have succeeded. */
export interface SynchronizedSecret {
  application: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  /** Name of the ExternalSecret. */
  name: pulumi.Input<string>;
  store: pulumi.Input<string>;
  /** Changes whenever the ExternalSecret was changed, so that only then it is waited for. */
  revision: pulumi.Input<string>;
}

/** Arguments of {@link Synchronization}. */
export interface SynchronizationArgs {
  secrets: pulumi.Input<pulumi.Input<SynchronizedSecret>[]>;
  /** How long to wait for all of them together, in seconds. */
  timeoutSeconds: pulumi.Input<number>;
}

/**
 * Ends only when External Secrets Operator has synced the present form of every listed ExternalSecret; fails with
 * the operator's own reasons when that takes too long. Only what is new or changed is waited for.
 */
export class Synchronization extends pulumi.CustomResource {
  constructor(name: string, args: SynchronizationArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:cluster:Synchronization", name, { ...args }, options);
  }
}
