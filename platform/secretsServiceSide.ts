import * as pulumi from "@pulumi/pulumi";
import { ClaimedServiceAccount } from "../components/cluster/claimedServiceAccount";
import { ownedMetadata, ownerName } from "../components/identity";
import { SecretsService, ServiceCaller } from "../components/secretsService/secretsService";
import { VAULT_APP_TYPE } from "../components/vault/vaultApp";
import type { ResolvedApplication } from "../config/application";
import { Plan, vaultSecrets } from "../plan/plan";
import { PlannedCaller, SERVICE_PORT, SecretsServicePlan } from "../plan/secretsService";

/** What the secrets service is made with. */
export interface SecretsServiceSideArgs {
  plan: Plan;
  service: SecretsServicePlan;
  /** What comes before an object in a namespace. */
  after: (namespace: string) => pulumi.Resource[];
  /** What fills the Secrets that it answers from. */
  values: pulumi.Resource[];
  parent: pulumi.Resource;
}

/** The secrets service, on the Secrets of its application, for the callers among the applications. */
export function provideSecretsService(args: SecretsServiceSideArgs): void {
  const { plan, service, after, values, parent } = args;
  const { configuration, application, callers } = service;
  const { name, namespace } = application;
  new SecretsService(
    "secrets-service",
    {
      name,
      namespace,
      metadata: ownedMetadata(plan.identity, name),
      owner: ownerName(plan.identity),
      image: configuration.image,
      imagePullPolicy: configuration.imagePullPolicy,
      replicas: configuration.replicas,
      port: SERVICE_PORT,
      secrets: application.secrets.map((secret) => secret.name),
      callers: callers.map((caller) => serviceCaller(caller, args)),
      generation: configuration.generation,
      dependsOn: [...after(namespace), ...values],
    },
    { parent },
  );
}

function serviceCaller(
  { application, keys, tokenSecret }: PlannedCaller,
  { plan, after, parent }: SecretsServiceSideArgs,
): ServiceCaller {
  const { name, namespace, serviceAccount } = application;
  const dependsOn = after(namespace);
  if (tokenSecret === undefined) claimAccount(application, plan, dependsOn, parent);
  const metadata = ownedMetadata(plan.identity, name);
  return { name, namespace, keys, tokenSecret, serviceAccount, metadata, dependsOn };
}

/** The account whose token a caller's pods show; where the application reads from Vault, it is there already. */
function claimAccount(
  application: ResolvedApplication,
  plan: Plan,
  dependsOn: pulumi.Resource[],
  parent: pulumi.Resource,
): void {
  if (plan.configuration.vault && vaultSecrets(application).length > 0) return;
  const { name, namespace, serviceAccount } = application;
  const { labels } = ownedMetadata(plan.identity, name);
  new ClaimedServiceAccount(
    `${namespace}/${serviceAccount}`,
    { namespace, name: serviceAccount, labels, owner: ownerName(plan.identity) },
    {
      parent,
      dependsOn,
      // The same one, from when the application read from Vault.
      aliases: [{ parent: pulumi.createUrn(`${name}-vault`, VAULT_APP_TYPE, parent) }],
    },
  );
}
