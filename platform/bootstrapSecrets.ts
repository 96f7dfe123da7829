import * as pulumi from "@pulumi/pulumi";
import { PlaceholderSecret } from "../components/cluster/placeholderSecret";
import { ownedMetadata, ownerName } from "../components/identity";
import { Plan } from "../plan/plan";
import { VaultPlan } from "../plan/vault";

/**
 * While Vault has never been ready: Secrets with made-up values under the names that the real ones will have.
 * @param after what comes before an object in a namespace
 * @returns the Secrets
 */
export function bootstrapSecrets(
  plan: Plan,
  vault: VaultPlan,
  after: (namespace: string) => pulumi.Resource[],
  parent: pulumi.Resource,
): PlaceholderSecret[] {
  return vault.applications.flatMap(({ application, secrets }) => {
    const { name, namespace } = application;
    return secrets.map(
      ({ name: secret, keys, placeholder, type, labels, restart }) =>
        new PlaceholderSecret(
          `${namespace}/${secret}`,
          {
            namespace,
            name: secret,
            keys: keys ? Object.keys(keys) : (placeholder ?? []),
            type,
            labels: { ...labels, ...ownedMetadata(plan.identity, name).labels },
            owner: ownerName(plan.identity),
            restart,
          },
          { parent, dependsOn: after(namespace) },
        ),
    );
  });
}
