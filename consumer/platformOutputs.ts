import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** What the platform provides for one application. */
export interface ApplicationOutputs {
  /** The application's namespace in the platform stack's environment. */
  namespace: pulumi.Output<string>;
  /** Names of its Secrets, in the order of its file. */
  secrets: pulumi.Output<string[]>;
  /** Name of its ConfigMap; undefined when it has none. */
  configMap: pulumi.Output<string | undefined>;
}

/** The outputs of a platform stack, typed, for the stacks of applications. */
export class PlatformOutputs {
  private readonly reference: pulumi.StackReference;

  /** @param stack full name of the platform's stack, such as `acme/secrets-platform/dev` */
  constructor(private readonly stack: string) {
    this.reference = new pulumi.StackReference(stack);
  }

  /** The environment that the stack provisions. */
  get environment(): pulumi.Output<string> {
    return this.text("environment");
  }

  /**
   * What the platform provides for an application.
   * @throws (when the update runs) Error that names the stack, when it provides no such application
   */
  application(name: string): ApplicationOutputs {
    return {
      namespace: this.text(`app.${name}.namespace`),
      secrets: this.required(`app.${name}.secrets`).apply((value) => value as string[]),
      configMap: this.reference
        .getOutput(`app.${name}.configMap`)
        .apply((value: unknown) => value as string | undefined),
    };
  }

  /** Name of the ClusterSecretStore of a Doppler config, for an ExternalSecret of your own. */
  store(config: string): pulumi.Output<string> {
    return this.text(`store.${config}`);
  }

  private text(output: string): pulumi.Output<string> {
    return this.required(output).apply((value) => value as string);
  }

  private required(output: string): pulumi.Output<unknown> {
    return this.reference.getOutput(output).apply((value: unknown) => {
      if (value !== undefined) return value;
      throw new pulumi.RunError(
        `stack ${this.stack} has no output "${output}": is the application's file there for its environment, ` +
          "and did the stack's last update succeed?",
      );
    });
  }
}

/** `envFrom` of a container that reads all of an application's Secrets and its ConfigMap. */
export function environmentFrom(
  application: ApplicationOutputs,
): pulumi.Output<kubernetes.types.input.core.v1.EnvFromSource[]> {
  return pulumi
    .all([application.secrets, application.configMap])
    .apply(([secrets, configMap]) => [
      ...secrets.map((name) => ({ secretRef: { name } })),
      ...(configMap ? [{ configMapRef: { name: configMap } }] : []),
    ]);
}
