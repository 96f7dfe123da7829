import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";

/** Arguments of {@link VaultRole}. */
export interface VaultRoleArgs {
  /** Name of the policy and of the role. */
  name: string;
  /** Text of the policy. */
  policy: string;
  /** Existing policies that the role has beside its own. */
  policies: readonly string[];
  /** Path of the kubernetes auth method. */
  auth: string;
  /** The one ServiceAccount, in the one namespace, that may log in. */
  namespace: string;
  serviceAccount: string;
  /** Audience that its token must be made for. */
  audience: string;
  /** Validity of a login, in seconds; the operator renews it. */
  tokenSeconds: number;
  /** What must be there first: the auth method. */
  dependsOn: pulumi.Resource[];
}

/** How often a login may be renewed before it must be made anew. */
const RENEWALS = 4;

/** What one ServiceAccount may do in Vault: a policy of its own, and a role that is bound to it and to nothing else. */
export class VaultRole extends pulumi.ComponentResource {
  readonly role: vault.kubernetes.AuthBackendRole;

  constructor(name: string, args: VaultRoleArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:vault:VaultRole", name, {}, options);

    const policy = new vault.Policy(
      name,
      { name: args.name, policy: args.policy },
      // Pulumi may have logged in with that very method: it goes last.
      { parent: this, dependsOn: args.dependsOn },
    );
    this.role = new vault.kubernetes.AuthBackendRole(
      name,
      {
        backend: args.auth,
        roleName: args.name,
        boundServiceAccountNames: [args.serviceAccount],
        boundServiceAccountNamespaces: [args.namespace],
        audience: args.audience,
        tokenTtl: args.tokenSeconds,
        tokenMaxTtl: args.tokenSeconds * RENEWALS,
        tokenPolicies: [...new Set([args.name, ...args.policies])].sort(),
      },
      // A role whose policy is not there would log in to nothing.
      { parent: this, dependsOn: [policy, ...args.dependsOn] },
    );

    this.registerOutputs({});
  }
}
