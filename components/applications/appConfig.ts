import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { OwnedMetadata } from "../identity";

/** Arguments of {@link AppConfig}. */
export interface AppConfigArgs {
  /** Name of the ConfigMap. */
  configMap: string;
  namespace: string;
  /** What is not sensitive, by key. */
  config: Readonly<Record<string, pulumi.Input<string>>>;
  metadata: OwnedMetadata;
  /** What must be there first: the namespace. */
  dependsOn?: pulumi.Resource[];
}

/** An application's settings that are not sensitive: a ConfigMap, never a secret store. */
export class AppConfig extends pulumi.ComponentResource {
  constructor(name: string, args: AppConfigArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:applications:AppConfig", name, {}, options);

    new kubernetes.core.v1.ConfigMap(
      // Named after the object itself: when only the application is renamed, it must not be made again and deleted.
      `${args.namespace}/${args.configMap}`,
      {
        metadata: { name: args.configMap, namespace: args.namespace, ...args.metadata },
        data: { ...args.config },
      },
      { parent: this, dependsOn: args.dependsOn ?? [] },
    );

    this.registerOutputs({});
  }
}
