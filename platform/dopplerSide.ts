import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { AppSecrets } from "../components/applications/appSecrets";
import type { HeldObject } from "../components/cluster/finalizerGuard";
import type { SynchronizedSecret } from "../components/cluster/synchronization";
import { DopplerStore } from "../components/doppler/dopplerStore";
import { ServiceTokenGuard } from "../components/doppler/serviceTokenGuard";
import { serviceTokenName, serviceTokenPrefix } from "../components/doppler/serviceTokenName";
import { ownedMetadata } from "../components/identity";
import { EXTERNAL_SECRETS_OPERATOR } from "../components/operators/operator";
import type { ResolvedApplication } from "../config/application";
import { serviceTokenLeftovers } from "../hooks/serviceTokenLeftovers";
import { webhookReadiness } from "../hooks/webhookReadiness";
import { dopplerSecrets, Plan } from "../plan/plan";
import type { Provided } from "./provided";

/** Arguments of {@link DopplerSide}. */
export interface DopplerSideArgs {
  plan: Plan;
  /** Connections for hooks, made on first use. */
  clients: { doppler: () => Promise<DopplerClient>; cluster: () => Promise<KubernetesClient> };
  /** What comes before an object of the operator in a namespace. */
  after: (namespace: string) => pulumi.Resource[];
  /** What comes before everything: it is destroyed last. */
  before: pulumi.Resource[];
  parent: pulumi.Resource;
}

/** What comes from Doppler: service tokens, stores, and every application's ExternalSecrets. */
export class DopplerSide implements Provided {
  readonly synchronized: SynchronizedSecret[] = [];
  readonly held: HeldObject[] = [];
  readonly objects: pulumi.Resource[] = [];
  private readonly stores = new Map<string, DopplerStore>();
  private readonly webhook: pulumi.ResourceHook;

  constructor(private readonly args: DopplerSideArgs) {
    const { plan, clients } = args;
    this.webhook = webhookReadiness(clients.cluster, plan.configuration.externalSecrets.namespace);
    this.connectStores();
    for (const application of plan.applications) this.provideApplication(application);
  }

  private connectStores(): void {
    const { plan, clients, after, parent } = this.args;
    const owned = plan.stores.filter((store) => store.owned);
    if (owned.length === 0) return;
    const { project } = plan.configuration.doppler;
    const { namespace } = plan.configuration.externalSecrets;
    const { before } = this.args;
    const instance = new random.RandomId("instance", { byteLength: 4 }, { parent, dependsOn: before });
    const guard = new ServiceTokenGuard(
      "service-tokens",
      {
        project,
        configs: owned.map((store) => store.config),
        prefix: instance.hex.apply((hex) => serviceTokenPrefix(plan.identity.stack, hex)),
      },
      { parent },
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
          dependsOn: after(namespace),
        },
        { parent },
      );
      this.stores.set(config, component);
    }
  }

  private provideApplication(application: ResolvedApplication): void {
    const { plan, after, parent } = this.args;
    const { name, namespace } = application;
    const secrets = dopplerSecrets(application);
    if (secrets.length === 0) return;
    const planned = new Map(plan.stores.map((store) => [store.config, store]));
    const used = secrets.flatMap((secret) => this.stores.get(secret.config) ?? []);
    const { externalSecrets, synchronized } = new AppSecrets(
      name,
      {
        application: name,
        namespace,
        secrets: secrets.map((secret) => ({ ...secret, store: planned.get(secret.config)?.store ?? "" })),
        metadata: ownedMetadata(plan.identity, name),
        tokens: used.map((store) => store.tokenId),
        beforeSync: this.webhook,
        dependsOn: [...after(namespace), ...used.map((store) => store.store)],
      },
      { parent },
    );
    this.synchronized.push(...synchronized);
    this.objects.push(...externalSecrets);
    const operator = {
      namespace: plan.configuration.externalSecrets.namespace,
      deployment: EXTERNAL_SECRETS_OPERATOR.deployment,
    };
    for (const { name: secret } of secrets) {
      const path = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${secret}`;
      this.held.push({ path, operator });
    }
  }
}
