/** What an update leaves behind that dies between a call and its checkpoint: no state knows it. */
import { KubernetesClient, ObjectMetadata } from "../../clients/kubernetes";
import { OWNER_ANNOTATION } from "../../components/identity";
import { EXTERNAL_SECRETS_OPERATOR, VAULT_SECRETS_OPERATOR } from "../../components/operators/operator";
import { dropFinalizers } from "./finalizers";
import { namespaceContents } from "./namespaceContents";

const RELEASES = [EXTERNAL_SECRETS_OPERATOR.release, VAULT_SECRETS_OPERATOR.release];

/** Kinds of the operators' charts that are in no namespace. Their CRDs stay, as always. */
const CLUSTER_WIDE = [
  "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
  "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  "/apis/rbac.authorization.k8s.io/v1/clusterroles",
];

/**
 * Removes from a namespace, which the stack made and is about to delete, what the stack itself had in it, and what is
 * left of an operator's installation, the parts outside of the namespace too.
 *
 * @param owner full name of the stack
 * @returns what was removed
 */
export async function removeLeftovers(
  cluster: KubernetesClient,
  namespace: string,
  owner: string,
): Promise<string[]> {
  const contents = await namespaceContents(cluster, namespace);
  const own = contents.filter(
    ({ metadata, passing }) =>
      !passing &&
      (metadata.annotations?.[OWNER_ANNOTATION] === owner ||
        isOfRelease(metadata, namespace) ||
        isReleaseRecord(metadata)),
  );
  const removed = own.map(({ description }) => description);
  // Whoever would serve their finalizers may be gone by now.
  for (const { path } of own) await remove(cluster, path);
  if (!own.some(({ metadata }) => isOfRelease(metadata, namespace))) return removed;
  for (const collection of CLUSTER_WIDE) {
    const objects = await cluster.list(collection, { metadataOnly: true });
    for (const { metadata } of objects.filter((object) => isOfRelease(object.metadata, namespace))) {
      await remove(cluster, `${collection}/${metadata.name}`);
      removed.push(metadata.name);
    }
  }
  return removed;
}

async function remove(cluster: KubernetesClient, path: string): Promise<void> {
  await dropFinalizers(cluster, path);
  await cluster.delete(path, { propagationPolicy: "Background" });
}

/** Helm writes on each object which release it belongs to. */
function isOfRelease({ annotations }: ObjectMetadata, namespace: string): boolean {
  return (
    RELEASES.includes(annotations?.["meta.helm.sh/release-name"] ?? "") &&
    annotations?.["meta.helm.sh/release-namespace"] === namespace
  );
}

/** Helm's own record of a release. */
function isReleaseRecord({ labels }: ObjectMetadata): boolean {
  return labels?.["owner"] === "helm" && RELEASES.includes(labels["name"] ?? "");
}
