import * as pulumi from "@pulumi/pulumi";
import type { HeldObject } from "../components/cluster/finalizerGuard";
import type { SynchronizedSecret } from "../components/cluster/synchronization";
import { ownedMetadata, ownerName } from "../components/identity";
import { VAULT_SECRETS_OPERATOR } from "../components/operators/operator";
import { VaultApp } from "../components/vault/vaultApp";
import { VaultConnector } from "../components/vault/vaultConnector";
import { Plan } from "../plan/plan";
import { PlannedVaultApplication, VaultPlan } from "../plan/vault";
import type { Provided } from "./provided";
import type { VaultSide } from "./vaultSide";

/** Arguments of {@link VaultConsumers}. */
export interface VaultConsumersArgs {
  plan: Plan;
  vault: VaultPlan;
  vaultSide: VaultSide;
  /** Whether the stack configures the auth method. */
  configuresAuth: boolean;
  /** Address of the API server as Vault reaches it. */
  kubernetesHost: string;
  /** Authority of Vault's certificate, PEM. */
  caCertificate?: string | undefined;
  /** What comes before an object of the operator in a namespace. */
  after: (namespace: string) => pulumi.Resource[];
  parent: pulumi.Resource;
}

/** What comes from Vault into the cluster: the connection, and every application's login and VaultStaticSecrets. */
export class VaultConsumers implements Provided {
  readonly synchronized: SynchronizedSecret[] = [];
  readonly held: HeldObject[] = [];
  readonly objects: pulumi.Resource[] = [];
  private readonly connector: VaultConnector;

  constructor(private readonly args: VaultConsumersArgs) {
    const { plan, vault, vaultSide, configuresAuth, kubernetesHost, caCertificate, after, parent } = args;
    const { namespace } = plan.configuration.vaultSecretsOperator;
    const { operatorAddress, auth, inCluster } = vault.configuration;
    this.connector = new VaultConnector(
      vault.connection,
      {
        namespace,
        connection: vault.connection,
        address: operatorAddress,
        caCertificate,
        ...(configuresAuth ? { auth: { path: auth.path, kubernetesHost, inCluster } } : {}),
        metadata: ownedMetadata(plan.identity),
        dependsOn: [...after(namespace), vaultSide.ready],
      },
      { parent },
    );
    this.hold(this.connector.connection, namespace, "vaultconnections", vault.connection);
    for (const application of vault.applications) this.provideApplication(application);
  }

  private provideApplication({ application, secrets, role }: PlannedVaultApplication): void {
    const { plan, vault, vaultSide, after, parent } = this.args;
    const { name, namespace, serviceAccount } = application;
    const { auth, mount, policies } = vault.configuration;
    const { vaultAuth, vaultStaticSecrets, synchronized } = new VaultApp(
      `${name}-vault`,
      {
        application: name,
        namespace,
        owner: ownerName(plan.identity),
        metadata: ownedMetadata(plan.identity, name),
        mount,
        login: {
          connection: {
            namespace: plan.configuration.vaultSecretsOperator.namespace,
            name: vault.connection,
          },
          mount: auth.path,
          role: role.name,
          policies: [role.name, ...policies],
          serviceAccount,
          audience: auth.audience,
          tokenSeconds: auth.tokenSeconds,
        },
        secrets: secrets.map((secret) => ({ ...secret, placeholder: vaultSide.pending.get(secret.path) })),
        dependsOn: [...after(namespace), ...this.connector.dependencies],
      },
      { parent },
    );
    this.synchronized.push(...synchronized);
    this.hold(vaultAuth, namespace, "vaultauths", name);
    for (const [index, resource] of vaultStaticSecrets.entries()) {
      this.hold(resource, namespace, "vaultstaticsecrets", secrets[index]?.name ?? "");
    }
  }

  private hold(resource: pulumi.Resource, namespace: string, plural: string, name: string): void {
    this.objects.push(resource);
    this.held.push({
      path: `/apis/secrets.hashicorp.com/v1beta1/namespaces/${namespace}/${plural}/${name}`,
      operator: {
        namespace: this.args.plan.configuration.vaultSecretsOperator.namespace,
        deployment: VAULT_SECRETS_OPERATOR.deployment,
      },
    });
  }
}
