import * as pulumi from "@pulumi/pulumi";

/** One sync object that must have succeeded. */
export interface SynchronizedSecret {
  kind: "ExternalSecret" | "VaultStaticSecret";
  application: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
  /** Name of the sync object. */
  name: pulumi.Input<string>;
  /** The ClusterSecretStore, or the path in Vault. */
  store: pulumi.Input<string>;
  /** Changes whenever the sync object was changed, so that only then it is waited for. */
  revision: pulumi.Input<string>;
}

/** Arguments of {@link Synchronization}. */
export interface SynchronizationArgs {
  secrets: pulumi.Input<pulumi.Input<SynchronizedSecret>[]>;
  /** How long to wait for all of them together, in seconds. */
  timeoutSeconds: pulumi.Input<number>;
}

/**
 * Ends only when the operators have synced the present form of every listed sync object; fails with
 * their own reasons when that takes too long. Only what is new or changed is waited for.
 */
export class Synchronization extends pulumi.CustomResource {
  constructor(name: string, args: SynchronizationArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:cluster:Synchronization", name, { ...args }, options);
  }
}
