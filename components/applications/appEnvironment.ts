import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { EnvironmentSecretSettings, environmentSecretManifest } from "./environmentSecret";

/** Arguments of {@link AppEnvironment}. */
export interface AppEnvironmentArgs {
  namespace: string;
  secrets: readonly Omit<EnvironmentSecretSettings, "namespace" | "metadata">[];
  metadata: EnvironmentSecretSettings["metadata"];
  /** What must be there first: the namespace. */
  dependsOn?: pulumi.Resource[];
}

/** An application's Secrets whose values are the deployer's variables: no operator reads them, an update writes them. */
export class AppEnvironment extends pulumi.ComponentResource {
  constructor(name: string, args: AppEnvironmentArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:applications:AppEnvironment", name, {}, options);

    for (const secret of args.secrets) {
      new kubernetes.core.v1.Secret(
        // Named after the object itself: when only the application is renamed, it must not be made again and deleted.
        `${args.namespace}/${secret.name}`,
        environmentSecretManifest({ ...secret, namespace: args.namespace, metadata: args.metadata }),
        { parent: this, dependsOn: args.dependsOn ?? [] },
      );
    }

    this.registerOutputs({});
  }
}
