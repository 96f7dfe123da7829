/** The Secret of one declaration whose values are variables. Pure: declaration in, manifest out. */
import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENT_SOURCE, OwnedMetadata, SOURCE_LABEL } from "../identity";

/** What a Secret from the environment is made from. */
export interface EnvironmentSecretSettings {
  name: string;
  namespace: string;
  metadata: OwnedMetadata;
  /** Key in the Secret -> value, a Pulumi secret. */
  values: Readonly<Record<string, pulumi.Output<string>>>;
  /** Type of the Secret, such as `Opaque`. */
  type: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
}

/** The manifest. What is made of a secret value is secret itself. */
export function environmentSecretManifest(settings: EnvironmentSecretSettings) {
  const { name, namespace, metadata, values, type, labels, annotations } = settings;
  return {
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...metadata.labels, [SOURCE_LABEL]: ENVIRONMENT_SOURCE },
      annotations: { ...annotations, ...metadata.annotations },
    },
    type,
    data: Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        value.apply((text) => Buffer.from(text).toString("base64")),
      ]),
    ),
  };
}
