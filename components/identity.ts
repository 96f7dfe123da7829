/**
 * How the platform marks what it makes, so that every object in a cluster tells which stack and which
 * application it belongs to.
 */

/** Which stack makes an object, and for which environment. */
export interface StackIdentity {
  /** Organization of the Pulumi backend; "organization" in a file backend. */
  organization: string;
  project: string;
  stack: string;
  environment: string;
}

export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
export const MANAGED_BY = "secrets-platform";
export const STACK_LABEL = "secrets-platform/stack";
export const ENVIRONMENT_LABEL = "secrets-platform/environment";
export const APPLICATION_LABEL = "secrets-platform/application";

/** Marks Secrets that the stack writes itself, from the deployer's environment. */
export const SOURCE_LABEL = "secrets-platform/source";
export const ENVIRONMENT_SOURCE = "environment";

/** The stack's full name stands in an annotation: a label cannot hold its slashes. */
export const OWNER_ANNOTATION = "secrets-platform/owner";

/** A stack's full name, as Pulumi writes it: `organization/project/stack`. */
export function ownerName(identity: StackIdentity): string {
  return `${identity.organization}/${identity.project}/${identity.stack}`;
}

/** Labels and annotations of an object that the stack owns. */
export interface OwnedMetadata {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** Metadata of an object that the stack owns, and that belongs to an application where one is given. */
export function ownedMetadata(identity: StackIdentity, application?: string): OwnedMetadata {
  return {
    labels: {
      [MANAGED_BY_LABEL]: MANAGED_BY,
      [STACK_LABEL]: identity.stack,
      [ENVIRONMENT_LABEL]: identity.environment,
      ...(application ? { [APPLICATION_LABEL]: application } : {}),
    },
    annotations: {
      [OWNER_ANNOTATION]: ownerName(identity),
      // An object that was made by hand before is taken over field by field instead of failing the update.
      "pulumi.com/patchForce": "true",
    },
  };
}
