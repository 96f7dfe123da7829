import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as doppler from "@pulumiverse/doppler";
import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { AppConfig } from "../components/applications/appConfig";
import { AppSecrets } from "../components/applications/appSecrets";
import { ClaimedNamespace } from "../components/cluster/claimedNamespace";
import { Synchronization } from "../components/cluster/synchronization";
import { DopplerStore } from "../components/doppler/dopplerStore";
import { ServiceTokenGuard } from "../components/doppler/serviceTokenGuard";
import { serviceTokenName, serviceTokenPrefix } from "../components/doppler/serviceTokenName";
import { ExternalSecretsOperator } from "../components/externalSecrets/externalSecretsOperator";
import { ownedMetadata, ownerName } from "../components/identity";
import { abandonedRelease, abandonedUpgrade } from "../hooks/releaseLeftovers";
import { serviceTokenLeftovers } from "../hooks/serviceTokenLeftovers";
import { webhookReadiness } from "../hooks/webhookReadiness";
import { Plan } from "../plan/plan";

/** What the platform is made with. */
export interface PlatformArgs {
  plan: Plan;
  /** A Doppler token that may mint service tokens. */
  dopplerToken: pulumi.Output<string>;
  /** Connections for hooks, made on first use. */
  clients: { doppler: () => Promise<DopplerClient>; cluster: () => Promise<KubernetesClient> };
}

/** A cluster's secrets platform: the operator, the stores, and every application's secrets. */
export class SecretsPlatform extends pulumi.ComponentResource {
  private readonly webhook: pulumi.ResourceHook;
  private readonly namespaces = new Map<string, ClaimedNamespace>();
  private readonly stores = new Map<string, DopplerStore>();

  constructor(
    name: string,
    private readonly args: PlatformArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("secrets-platform:platform:SecretsPlatform", name, {}, { ...options, providers: providers(args) });

    const { plan } = args;
    const namespace = plan.configuration.externalSecrets.namespace;
    this.webhook = webhookReadiness(args.clients.cluster, namespace);
    for (const claimed of [...new Set([namespace, ...plan.namespaces])]) {
      this.namespaces.set(claimed, this.claimNamespace(claimed));
    }
    const operator = plan.configuration.cluster.owns ? this.installOperator(namespace) : undefined;
    this.connectStores(namespace, operator);

    const applications = plan.applications.map((application) =>
      this.provideApplication(application, operator),
    );
    const secrets = applications.flatMap((application) => application.synchronized);
    if (secrets.length > 0) {
      new Synchronization(
        "synchronization",
        { secrets, timeoutSeconds: plan.configuration.synchronizationTimeoutSeconds },
        { parent: this, dependsOn: applications.flatMap((application) => application.externalSecrets) },
      );
    }
    this.registerOutputs({});
  }

  private claimNamespace(name: string): ClaimedNamespace {
    const { identity } = this.args.plan;
    return new ClaimedNamespace(
      name,
      { name, labels: ownedMetadata(identity).labels, owner: ownerName(identity) },
      { parent: this },
    );
  }

  private installOperator(namespace: string): ExternalSecretsOperator {
    const { plan, clients } = this.args;
    const { version, chart, repository, values } = plan.configuration.externalSecrets;
    return new ExternalSecretsOperator(
      "external-secrets",
      {
        namespace,
        version,
        chart,
        repository,
        values,
        dopplerHost: plan.configuration.doppler.host,
        metadata: ownedMetadata(plan.identity),
        beforeCreate: abandonedRelease(clients.cluster),
        beforeUpdate: abandonedUpgrade(clients.cluster),
        dependsOn: this.namespace(namespace),
      },
      { parent: this },
    );
  }

  private connectStores(namespace: string, operator: ExternalSecretsOperator | undefined): void {
    const { plan, clients } = this.args;
    const owned = plan.stores.filter((store) => store.owned);
    if (owned.length === 0) return;
    const { project } = plan.configuration.doppler;
    const instance = new random.RandomId("instance", { byteLength: 4 }, { parent: this });
    const guard = new ServiceTokenGuard(
      "service-tokens",
      {
        project,
        configs: owned.map((store) => store.config),
        prefix: instance.hex.apply((hex) => serviceTokenPrefix(plan.identity.stack, hex)),
      },
      { parent: this },
    );
    const beforeMint = serviceTokenLeftovers(clients.doppler);
    for (const { config, generation, tokenSecret, store, namespaces } of owned) {
      const component = new DopplerStore(
        `doppler-${config}`,
        {
          project,
          config,
          tokenName: guard.prefix.apply((prefix) => serviceTokenName(prefix, generation)),
          tokenSecret: { namespace, ...tokenSecret },
          store,
          namespaces,
          metadata: ownedMetadata(plan.identity),
          beforeMint,
          beforeStore: this.webhook,
          dependsOn: [...this.namespace(namespace), ...(operator ? [operator.release] : [])],
        },
        { parent: this },
      );
      this.stores.set(config, component);
    }
  }

  private provideApplication(
    application: Plan["applications"][number],
    operator: ExternalSecretsOperator | undefined,
  ): AppSecrets {
    const { plan } = this.args;
    const { name, namespace } = application;
    const metadata = ownedMetadata(plan.identity, name);
    if (application.configMap) {
      new AppConfig(
        `${name}-config`,
        {
          configMap: application.configMap,
          namespace,
          config: application.config,
          metadata,
          dependsOn: this.namespace(namespace),
        },
        { parent: this },
      );
    }
    const planned = new Map(plan.stores.map((store) => [store.config, store]));
    const used = application.secrets.flatMap((secret) => this.stores.get(secret.config) ?? []);
    return new AppSecrets(
      name,
      {
        application: name,
        namespace,
        secrets: application.secrets.map((secret) => {
          const store = planned.get(secret.config);
          return {
            ...secret,
            store: store?.store ?? "",
          };
        }),
        metadata,
        tokens: used.map((store) => store.tokenId),
        beforeSync: this.webhook,
        dependsOn: [
          ...this.namespace(namespace),
          ...(operator ? [operator.release] : []),
          ...used.map((store) => store.store),
        ],
      },
      { parent: this },
    );
  }

  private namespace(name: string): ClaimedNamespace[] {
    const namespace = this.namespaces.get(name);
    return namespace ? [namespace] : [];
  }
}

/** Every provider is made once, from configuration, and handed down; nothing is taken from the surroundings. */
function providers({ plan, dopplerToken }: PlatformArgs): pulumi.ProviderResource[] {
  const { context, kubeconfig } = plan.configuration.kubernetes;
  const { host } = plan.configuration.doppler;
  const cluster = { context, ...(kubeconfig ? { kubeconfig } : {}) };
  return [
    new kubernetes.Provider("kubernetes", {
      ...cluster,
      // A renamed context or another path of the kubeconfig is the same cluster still: without this, everything would
      // be replaced, which means made again under the same names and then deleted.
      clusterIdentifier: ownerName(plan.identity),
      enableServerSideApply: true,
      // Otherwise a changed token Secret would be deleted before it is made again, and reading would fail meanwhile.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    }),
    new doppler.Provider("doppler", { dopplerToken, host }),
    new random.Provider("random"),
    new PlatformProvider("secrets-platform", { ...cluster, dopplerHost: host, dopplerToken }),
  ];
}

/** The project's own provider, in folder provider/. */
class PlatformProvider extends pulumi.ProviderResource {
  constructor(name: string, args: Record<string, pulumi.Input<string>>) {
    super("secrets-platform", name, args);
  }
}
