import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SynchronizedSecret } from "../cluster/synchronization";
import { revision } from "../revision";
import { ExternalSecretSettings, externalSecretManifest } from "./externalSecret";

/** One declared Secret of an application. */
export type AppSecret = Omit<ExternalSecretSettings, "namespace" | "metadata">;

/** Arguments of {@link AppSecrets}. */
export interface AppSecretsArgs {
  application: string;
  namespace: string;
  secrets: readonly AppSecret[];
  metadata: ExternalSecretSettings["metadata"];
  /** Identifiers of the service tokens that the stores read with: with another one, the Secrets are read again. */
  tokens: pulumi.Input<string>[];
  /** Runs before an ExternalSecret is created or changed: waits for the operator's webhook. */
  beforeSync: pulumi.ResourceHook;
  /** What must be there first: the namespace, and the stores that this stack owns. */
  dependsOn?: pulumi.Resource[];
}

/** An application's Secrets: one ExternalSecret for each, in the application's own namespace. */
export class AppSecrets extends pulumi.ComponentResource {
  readonly externalSecrets: kubernetes.apiextensions.CustomResource[];
  /** What to wait for before the Secrets hold their values. */
  readonly synchronized: SynchronizedSecret[];

  constructor(name: string, args: AppSecretsArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:applications:AppSecrets", name, {}, options);

    const manifests = args.secrets.map((secret) =>
      externalSecretManifest({ ...secret, namespace: args.namespace, metadata: args.metadata }),
    );
    this.externalSecrets = manifests.map(
      (manifest) =>
        // Named after the object itself: when only the application is renamed, it must not be made again and deleted.
        new kubernetes.apiextensions.CustomResource(`${args.namespace}/${manifest.metadata.name}`, manifest, {
          parent: this,
          // The operator's finalizer is gone in a moment, unless the operator is away.
          customTimeouts: { delete: "2m" },
          dependsOn: args.dependsOn ?? [],
          hooks: { beforeCreate: [args.beforeSync], beforeUpdate: [args.beforeSync] },
        }),
    );
    this.synchronized = manifests.map((manifest, index) => ({
      kind: "ExternalSecret" as const,
      application: args.application,
      namespace: args.namespace,
      name: manifest.metadata.name,
      store: manifest.spec.secretStoreRef.name,
      revision: pulumi
        .all([
          pulumi.output(this.externalSecrets[index]?.metadata).apply((metadata) => metadata?.uid),
          pulumi.all(args.tokens),
        ])
        .apply(([uid, tokens]) => revision({ manifest, uid, tokens })),
    }));

    this.registerOutputs({});
  }
}
