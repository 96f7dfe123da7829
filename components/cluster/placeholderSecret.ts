import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link PlaceholderSecret}. */
export interface PlaceholderSecretArgs {
  namespace: string;
  name: string;
  /** Keys that get made-up values. */
  keys: readonly string[];
  /** Type of the Secret, such as `Opaque`. */
  type: string;
  labels: Record<string, string>;
  /** Full name of the stack, kept in an annotation. */
  owner: string;
  /** What is restarted once the real values have taken the placeholders' place. */
  restart: readonly { kind: string; name: string }[];
}

/**
 * A Secret with made-up values, so that pods can start before Vault is ready. Made only where there is none; when it
 * is destroyed, a Secret that an operator has taken over meanwhile stays, and the targets of `restart` are restarted.
 */
export class PlaceholderSecret extends pulumi.CustomResource {
  constructor(name: string, args: PlaceholderSecretArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:cluster:PlaceholderSecret", name, { ...args, made: undefined }, options);
  }
}
