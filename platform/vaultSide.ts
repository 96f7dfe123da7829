import * as pulumi from "@pulumi/pulumi";
import { ownerName } from "../components/identity";
import { VaultBackend } from "../components/vault/vaultBackend";
import { VaultPlaceholder } from "../components/vault/vaultPlaceholder";
import { VaultReady } from "../components/vault/vaultReady";
import { VaultRole } from "../components/vault/vaultRole";
import { Plan } from "../plan/plan";
import { PlannedRole, VaultPlan } from "../plan/vault";
import { VaultFindings } from "../preflight/vault";

/** Arguments of {@link VaultSide}. */
export interface VaultSideArgs {
  plan: Plan;
  vault: VaultPlan;
  findings: Extract<VaultFindings, { state: "ready" }>;
}

/** All that a stack has in Vault itself. It is there before anything is made in the cluster, and goes after it. */
export class VaultSide extends pulumi.ComponentResource {
  /** What everything in the cluster comes after. */
  readonly ready: VaultReady;
  readonly backend: VaultBackend;
  /** Whether a path holds made-up values, for the paths that declare some. */
  readonly pending: ReadonlyMap<string, pulumi.Output<boolean>>;

  constructor(name: string, args: VaultSideArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:platform:VaultSide", name, {}, options);
    const { plan, vault, findings } = args;
    const { mount, auth, purge } = vault.configuration;
    const owner = ownerName(plan.identity);

    this.backend = new VaultBackend(name, { mount, auth: auth.path, owner, purge }, { parent: this });
    const roles = [
      ...vault.applications.map(({ role }) => this.role(role, vault, vault.configuration.policies)),
      // A Job that fills one path has no use for what applications may read besides.
      ...vault.populations.map(({ role }) => this.role(role, vault, [])),
    ];
    const placeholders = vault.placeholders.map(
      ({ path, keys }) =>
        [
          path,
          new VaultPlaceholder(
            path,
            { mount, path, keys, owner, observed: findings.placeholders.has(path), purge },
            { parent: this, dependsOn: this.backend.mount },
          ),
        ] as const,
    );
    this.pending = new Map(placeholders.map(([path, { pending }]) => [path, pending]));
    this.ready = new VaultReady(name, {
      parent: this,
      dependsOn: [
        this.backend.mount,
        this.backend.auth,
        ...roles.map(({ role }) => role),
        ...placeholders.map(([, placeholder]) => placeholder),
      ],
    });

    this.registerOutputs({});
  }

  private role(planned: PlannedRole, { configuration }: VaultPlan, policies: readonly string[]): VaultRole {
    const { path, audience, tokenSeconds } = configuration.auth;
    return new VaultRole(
      planned.name,
      {
        ...planned,
        policies,
        auth: path,
        audience,
        tokenSeconds,
        dependsOn: [this.backend.auth],
      },
      { parent: this },
    );
  }
}
