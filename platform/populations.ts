import * as pulumi from "@pulumi/pulumi";
import { ClaimedServiceAccount } from "../components/cluster/claimedServiceAccount";
import { ownedMetadata, ownerName } from "../components/identity";
import { Population } from "../components/vault/population";
import { populationJobManifest } from "../components/vault/populationJob";
import { Plan } from "../plan/plan";
import { VaultPlan } from "../plan/vault";

/** Longest time that a Job gets, in seconds. */
const TIMEOUT_SECONDS = 300;

/** What the Jobs are made with. */
export interface PopulationsArgs {
  plan: Plan;
  vault: VaultPlan;
  caCertificate: string | undefined;
  /** What must have happened first: the deployment of everything else. */
  dependsOn: pulumi.Resource[];
  parent: pulumi.Resource;
}

/** The Jobs that fill secrets in Vault once, each with an identity that may write that one secret. */
export function populateSecrets({ plan, vault, caCertificate, dependsOn, parent }: PopulationsArgs): void {
  for (const { application, secret, populate, role } of vault.populations) {
    const { name, namespace } = application;
    const metadata = ownedMetadata(plan.identity, name);
    const account = new ClaimedServiceAccount(
      `${namespace}/${role.serviceAccount}`,
      { namespace, name: role.serviceAccount, labels: metadata.labels, owner: ownerName(plan.identity) },
      { parent, dependsOn },
    );
    const { mount, operatorAddress, auth } = vault.configuration;
    const job = populationJobManifest({
      name: role.serviceAccount,
      namespace,
      metadata,
      image: populate.image,
      command: populate.command,
      serviceAccount: role.serviceAccount,
      address: operatorAddress,
      caCertificate,
      auth: { path: auth.path, role: role.name, audience: auth.audience },
      mount,
      path: secret.path,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
    new Population(
      secret.path,
      { job, mount, path: secret.path, timeoutSeconds: TIMEOUT_SECONDS },
      { parent, dependsOn: [account] },
    );
  }
}
