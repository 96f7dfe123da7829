import * as pulumi from "@pulumi/pulumi";
import { KubernetesClient, KubernetesError } from "../clients/kubernetes";

const POLL_MILLISECONDS = 500;
const TIMEOUT_SECONDS = 120;

/**
 * Runs before objects of External Secrets Operator are created or changed: waits until its API is served and its
 * validating webhook answers, at most 120 seconds. Right after an install the webhook's pods are Ready before its
 * certificate has reached the API server, and the first objects would be refused.
 */
export function webhookReadiness(
  cluster: () => Promise<KubernetesClient>,
  operatorNamespace: string,
): pulumi.ResourceHook {
  let answered: Promise<void> | undefined;
  return new pulumi.ResourceHook(
    "webhook-readiness",
    () => (answered ??= waitForWebhook(cluster, operatorNamespace)),
  );
}

async function waitForWebhook(cluster: () => Promise<KubernetesClient>, namespace: string): Promise<void> {
  const client = await cluster();
  const deadline = Date.now() + TIMEOUT_SECONDS * 1000;
  for (;;) {
    const failure = await probe(client, namespace);
    if (!failure) return;
    if (Date.now() > deadline) {
      throw new Error(
        `External Secrets Operator's webhook does not answer after ${TIMEOUT_SECONDS} s: ${failure}. ` +
          `See its pods and their logs: kubectl --namespace ${namespace} get pods`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** Asks the API server to check, and not to store, one valid object of each kind. Undefined: both passed. */
async function probe(client: KubernetesClient, namespace: string): Promise<string | undefined> {
  const metadata = { name: "secrets-platform-probe" };
  const stores = "/apis/external-secrets.io/v1/clustersecretstores";
  const store = {
    apiVersion: "external-secrets.io/v1",
    kind: "ClusterSecretStore",
    metadata,
    spec: { provider: { fake: { data: [{ key: "probe", value: "probe" }] } } },
  };
  const externalSecrets = `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets`;
  const externalSecret = {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata,
    spec: {
      secretStoreRef: { kind: "ClusterSecretStore", name: metadata.name },
      dataFrom: [{ find: { name: { regexp: "probe" } } }],
    },
  };
  try {
    await client.create(stores, store, { dryRun: true });
    await client.create(externalSecrets, externalSecret, { dryRun: true });
    return undefined;
  } catch (error) {
    // 403 and 422 are verdicts on the request; everything else may pass once the operator is up.
    if (error instanceof KubernetesError && (error.status === 403 || error.status === 422)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
