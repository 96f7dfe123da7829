import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as doppler from "@pulumiverse/doppler";
import { OwnedMetadata } from "../identity";
import { clusterSecretStoreManifest, TOKEN_ANNOTATION } from "./clusterSecretStore";

/** Arguments of {@link DopplerStore}. */
export interface DopplerStoreArgs {
  /** Doppler project and config that the store reads. */
  project: string;
  config: string;
  /** Name of the service token in Doppler; a new one mints a new token before the old one is revoked. */
  tokenName: pulumi.Input<string>;
  /** The Secret that holds the token: its namespace, its name, and the key in it. */
  tokenSecret: { namespace: string; name: string; key: string };
  /** Name of the ClusterSecretStore. */
  store: string;
  /** Namespaces that may read through the store, at least one. */
  namespaces: readonly string[];
  metadata: OwnedMetadata;
  /** Runs before a token is minted: revokes tokens of the same name that no state knows. */
  beforeMint: pulumi.ResourceHook;
  /** Runs before the store is created or changed: waits for the operator's webhook. */
  beforeStore: pulumi.ResourceHook;
  /** What must be there first: the token Secret's namespace, and the operator. */
  dependsOn?: pulumi.Resource[];
}

/** The way from one Doppler config to a cluster: read-only service token, Secret, ClusterSecretStore. */
export class DopplerStore extends pulumi.ComponentResource {
  readonly store: kubernetes.apiextensions.CustomResource;
  /** Changes whenever another token is minted. Not secret. */
  readonly tokenId: pulumi.Output<string>;

  constructor(name: string, args: DopplerStoreArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:doppler:DopplerStore", name, {}, options);

    const token = new doppler.ServiceToken(
      name,
      { project: args.project, config: args.config, name: args.tokenName, access: "read" },
      { parent: this, hooks: { beforeCreate: [args.beforeMint] } },
    );

    this.tokenId = token.id;

    const secret = new kubernetes.core.v1.Secret(
      // Named after the object itself, like the store: under another config's name it must stay, not be made again.
      `${args.tokenSecret.namespace}/${args.tokenSecret.name}`,
      {
        metadata: {
          name: args.tokenSecret.name,
          namespace: args.tokenSecret.namespace,
          ...args.metadata,
        },
        data: { [args.tokenSecret.key]: token.key.apply((key) => Buffer.from(key).toString("base64")) },
      },
      { parent: this, dependsOn: args.dependsOn ?? [] },
    );

    const manifest = clusterSecretStoreManifest({
      name: args.store,
      metadata: args.metadata,
      token: {
        namespace: args.tokenSecret.namespace,
        secret: args.tokenSecret.name,
        key: args.tokenSecret.key,
      },
      namespaces: args.namespaces,
    });
    this.store = new kubernetes.apiextensions.CustomResource(
      args.store,
      {
        ...manifest,
        // A changed annotation makes the operator look at the store again, with the token that was just minted.
        metadata: {
          ...manifest.metadata,
          annotations: token.id.apply((id) => ({ ...manifest.metadata.annotations, [TOKEN_ANNOTATION]: id })),
        },
      },
      {
        parent: this,
        dependsOn: [secret],
        hooks: { beforeCreate: [args.beforeStore], beforeUpdate: [args.beforeStore] },
      },
    );

    this.registerOutputs({});
  }
}
