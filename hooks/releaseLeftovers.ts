import * as pulumi from "@pulumi/pulumi";
import { KubernetesClient, KubernetesObject } from "../clients/kubernetes";

/** Helm keeps each revision of a release in a Secret with these labels. */
const HELM_RECORDS = "owner=helm";

/**
 * Runs before a Helm release is created. The stack's state knows no such release, so that a record of it can only
 * be the rest of an update that died: Helm would refuse to use the name again. The records go, the objects stay and
 * the new install takes them over.
 */
export function abandonedRelease(cluster: () => Promise<KubernetesClient>): pulumi.ResourceHook {
  return new pulumi.ResourceHook("abandoned-release", async (args) => {
    const { client, records, release } = await releaseRecords(cluster, args);
    for (const record of records) await removeRecord(client, record);
    if (records.length > 0) {
      await pulumi.log.info(
        `removed what an interrupted install of Helm release "${release}" had left behind`,
      );
    }
  });
}

/** Runs before a Helm release is upgraded: an upgrade that died leaves a pending revision that blocks the next one. */
export function abandonedUpgrade(cluster: () => Promise<KubernetesClient>): pulumi.ResourceHook {
  return new pulumi.ResourceHook("abandoned-upgrade", async (args) => {
    const { client, records, release } = await releaseRecords(cluster, args);
    for (const record of records) {
      const status = record.metadata.labels?.["status"] ?? "";
      if (!status.startsWith("pending-")) continue;
      await removeRecord(client, record);
      await pulumi.log.info(
        `removed revision ${record.metadata.name} (${status}) of Helm release "${release}"`,
      );
    }
  });
}

async function releaseRecords(cluster: () => Promise<KubernetesClient>, args: pulumi.ResourceHookArgs) {
  const { name: release, namespace } = args.newInputs as { name: string; namespace: string };
  const client = await cluster();
  const records = await client.list(`/api/v1/namespaces/${namespace}/secrets`, {
    metadataOnly: true,
    labelSelector: `${HELM_RECORDS},name=${release}`,
  });
  return { client, records, release };
}

async function removeRecord(client: KubernetesClient, record: KubernetesObject): Promise<void> {
  await client.delete(
    `/api/v1/namespaces/${record.metadata.namespace ?? ""}/secrets/${record.metadata.name}`,
  );
}
