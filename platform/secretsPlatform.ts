import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { AppConfig } from "../components/applications/appConfig";
import { AppEnvironment } from "../components/applications/appEnvironment";
import { ClaimedNamespace } from "../components/cluster/claimedNamespace";
import { FinalizerGuard } from "../components/cluster/finalizerGuard";
import { Synchronization } from "../components/cluster/synchronization";
import { ExternalSecretsOperator } from "../components/externalSecrets/externalSecretsOperator";
import { ownedMetadata, ownerName } from "../components/identity";
import type { OperatorRelease, OperatorReleaseArgs } from "../components/operators/operatorRelease";
import { CONNECTED_LABEL, connectedName } from "../components/vault/names";
import { VaultSecretsOperator } from "../components/vaultSecretsOperator/vaultSecretsOperator";
import type { ChartConfiguration } from "../config/stack";
import { abandonedRelease, abandonedUpgrade } from "../hooks/releaseLeftovers";
import { operatorsInUse } from "../plan/operators";
import { environmentSecrets, Plan } from "../plan/plan";
import { planVault, VaultPlan } from "../plan/vault";
import type { VaultFindings } from "../preflight/vault";
import { bootstrapSecrets } from "./bootstrapSecrets";
import type { DeployerEnvironment } from "./deployerEnvironment";
import { DopplerSide } from "./dopplerSide";
import { populateSecrets } from "./populations";
import { providers } from "./providers";
import { provideSecretsService } from "./secretsServiceSide";
import type { Provided } from "./provided";
import type { VaultAccess } from "./vaultAccess";
import { VaultConsumers } from "./vaultConsumers";
import { VaultSide } from "./vaultSide";

/** What the platform is made with. */
export interface PlatformArgs {
  plan: Plan;
  /** Values of the variables that applications ask for. */
  environment: DeployerEnvironment;
  /** A Doppler token that may mint service tokens. */
  dopplerToken: pulumi.Output<string>;
  /** What was found in Vault. None: the stack uses no Vault. */
  vaultFindings?: VaultFindings;
  /** How Pulumi reaches Vault. None: the stack uses no Vault, or Vault is not ready. */
  vault?: VaultAccess;
  /** Address of the API server, as Vault outside of the cluster reaches it. */
  kubernetesHost: string;
  /** Connections for hooks, made on first use. */
  clients: { doppler: () => Promise<DopplerClient>; cluster: () => Promise<KubernetesClient> };
}

/** A cluster's secrets platform: the operators, the stores, and every application's secrets. */
export class SecretsPlatform extends pulumi.ComponentResource {
  private readonly namespaces = new Map<string, ClaimedNamespace>();
  /** The engine takes each hook once. */
  private readonly releaseHooks: Pick<OperatorReleaseArgs, "beforeCreate" | "beforeUpdate">;
  /** Worked out once: it holds the policy of every application. */
  private readonly vault: VaultPlan | undefined;
  /** What fills applications' Secrets that no operator syncs. */
  private readonly filled: pulumi.Resource[] = [];

  constructor(
    name: string,
    private readonly args: PlatformArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("secrets-platform:platform:SecretsPlatform", name, {}, { ...options, providers: providers(args) });

    const { plan, clients } = args;
    this.releaseHooks = {
      beforeCreate: abandonedRelease(clients.cluster),
      beforeUpdate: abandonedUpgrade(clients.cluster),
    };
    this.vault = planVault(plan);
    const vaultSide = this.provideVaultSide();
    for (const claimed of new Set([
      ...operatorsInUse(plan).map(({ chart }) => chart.namespace),
      ...plan.namespaces,
    ])) {
      this.namespaces.set(claimed, this.claimNamespace(claimed, vaultSide?.ready));
    }
    const provided: Provided[] = [this.provideFromDoppler(vaultSide)];
    provided.push(...this.provideFromVault(vaultSide));
    for (const application of plan.applications) {
      this.provideFromEnvironment(application);
      this.provideConfig(application);
    }

    this.guardFinalizers(provided);
    const synchronized = this.synchronize(provided);
    if (plan.secretsService) {
      provideSecretsService({
        plan,
        service: plan.secretsService,
        after: (namespace) => this.after(namespace),
        values: [...this.filled, ...synchronized],
        parent: this,
      });
    }
    this.registerOutputs({});
  }

  private provideVaultSide(): VaultSide | undefined {
    const { plan, vaultFindings: findings } = this.args;
    const { vault } = this;
    // Taken for a stack without Vault, everything of it would be deleted.
    if (vault && !findings) throw new Error("Vault was not looked at before the platform was declared");
    if (!vault || findings?.state !== "ready") return undefined;
    return new VaultSide("vault", { plan, vault, findings }, { parent: this });
  }

  private claimNamespace(name: string, after: pulumi.Resource | undefined): ClaimedNamespace {
    const { identity } = this.args.plan;
    return new ClaimedNamespace(
      name,
      { name, labels: ownedMetadata(identity).labels, owner: ownerName(identity) },
      { parent: this, ...(after ? { dependsOn: [after] } : {}) },
    );
  }

  private provideFromDoppler(vaultSide: VaultSide | undefined): Provided {
    const { plan, clients } = this.args;
    const chart = plan.configuration.externalSecrets;
    const operator = plan.configuration.cluster.owns
      ? new ExternalSecretsOperator(
          "external-secrets",
          { ...this.releaseArgs(chart), dopplerHost: plan.configuration.doppler.host },
          { parent: this },
        )
      : undefined;
    return new DopplerSide({
      plan,
      clients,
      after: (namespace) => this.after(namespace, operator),
      before: vaultSide ? [vaultSide.ready] : [],
      parent: this,
    });
  }

  /** One of the two ways: made-up Secrets while Vault has never been ready, or the real ones. */
  private provideFromVault(vaultSide: VaultSide | undefined): Provided[] {
    const { plan, kubernetesHost, vaultFindings: findings } = this.args;
    const { vault } = this;
    if (!vault || !findings) return [];
    const chart = plan.configuration.vaultSecretsOperator;
    const operator = plan.configuration.cluster.owns
      ? new VaultSecretsOperator("vault-secrets-operator", this.releaseArgs(chart), { parent: this })
      : undefined;
    const after = (namespace: string): pulumi.Resource[] => this.after(namespace, operator);
    if (!vaultSide || findings.state !== "ready") {
      this.filled.push(...bootstrapSecrets(plan, vault, after, this));
      return [];
    }
    const { configuresAuth } = findings;
    this.markConnection(vault.connection, chart.namespace);
    return [
      new VaultConsumers({
        plan,
        vault,
        vaultSide,
        configuresAuth,
        kubernetesHost,
        caCertificate: this.args.vault?.caCertificate,
        after,
        parent: this,
      }),
    ];
  }

  /** From here on a Vault that is away is no reason to begin anew: without the mark an update would bootstrap. */
  private markConnection(connection: string, namespace: string): void {
    const { labels, annotations } = ownedMetadata(this.args.plan.identity);
    const name = connectedName(connection);
    new kubernetes.core.v1.ConfigMap(
      name,
      {
        metadata: { name, namespace, annotations, labels: { ...labels, [CONNECTED_LABEL]: "true" } },
        data: { purpose: "Tells that a stack has made something in Vault for this cluster." },
      },
      { parent: this, dependsOn: this.after(namespace) },
    );
  }

  private provideFromEnvironment(application: Plan["applications"][number]): void {
    const { plan, environment } = this.args;
    const { name, namespace } = application;
    const secrets = environmentSecrets(application);
    if (secrets.length === 0) return;
    const component = new AppEnvironment(
      `${name}-environment`,
      {
        namespace,
        secrets: secrets.map((secret) => ({
          ...secret,
          values: valuesOf(secret.keys, (variable) => environment.secret(variable)),
        })),
        metadata: ownedMetadata(plan.identity, name),
        dependsOn: this.after(namespace),
      },
      { parent: this },
    );
    this.filled.push(component);
  }

  private provideConfig({ name, namespace, configMap, config }: Plan["applications"][number]): void {
    if (configMap === undefined) return;
    const { plan, environment } = this.args;
    new AppConfig(
      `${name}-config`,
      {
        configMap,
        namespace,
        config: valuesOf(config, (template) => environment.text(template)),
        metadata: ownedMetadata(plan.identity, name),
        dependsOn: this.after(namespace),
      },
      { parent: this },
    );
  }

  /** Waits for every sync object; what fills secrets in Vault runs once all of them are there. */
  private synchronize(provided: readonly Provided[]): pulumi.Resource[] {
    const { plan, vault: access } = this.args;
    const secrets = provided.flatMap(({ synchronized }) => synchronized);
    if (secrets.length === 0) return [];
    const synchronization = new Synchronization(
      "synchronization",
      { secrets, timeoutSeconds: plan.configuration.synchronizationTimeoutSeconds },
      { parent: this, dependsOn: provided.flatMap(({ objects }) => objects) },
    );
    const { vault } = this;
    if (!vault || !access) return [synchronization];
    const caCertificate = access.caCertificate;
    populateSecrets({ plan, vault, caCertificate, dependsOn: [synchronization], parent: this });
    return [synchronization];
  }

  private guardFinalizers(provided: readonly Provided[]): void {
    const objects = provided.flatMap(({ held }) => held);
    if (objects.length === 0) return;
    new FinalizerGuard(
      "finalizers",
      { objects },
      { parent: this, dependsOn: provided.flatMap(({ objects: held }) => held) },
    );
  }

  private releaseArgs({
    namespace,
    version,
    chart,
    repository,
    values,
  }: ChartConfiguration): OperatorReleaseArgs {
    return {
      namespace,
      version,
      chart,
      repository,
      values,
      metadata: ownedMetadata(this.args.plan.identity),
      ...this.releaseHooks,
      dependsOn: this.after(namespace),
    };
  }

  /** What comes before everything in a namespace, and before what needs an operator. */
  private after(namespace: string, operator?: OperatorRelease): pulumi.Resource[] {
    const claimed = this.namespaces.get(namespace);
    return [...(claimed ? [claimed] : []), ...(operator ? [operator.release] : [])];
  }
}

function valuesOf<Value>(
  texts: Readonly<Record<string, string>>,
  valueOf: (text: string) => Value,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, valueOf(text)]));
}
