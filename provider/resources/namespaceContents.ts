import { KubernetesClient, KubernetesError, KubernetesObject } from "../../clients/kubernetes";

/** An object that stands in the way of deleting a namespace. */
export interface NamespaceObject {
  /** Such as `Deployment shop`. */
  description: string;
  /** Whether it is on its way out: being deleted, or owned by another object, which decides about it. */
  passing: boolean;
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/** Made by Kubernetes itself or by leader election, in every namespace, and gone with it. */
const KUBERNETES_OWN = [
  (kind: string) => kind === "Event" || kind === "Lease" || kind === "EndpointSlice" || kind === "Endpoints",
  (kind: string) => kind === "PodMetrics",
  (kind: string, name: string) => kind === "ServiceAccount" && name === "default",
  (kind: string, name: string) => kind === "ConfigMap" && name === "kube-root-ca.crt",
];

/** Everything in a namespace but what Kubernetes puts there by itself, of every kind that the cluster serves. */
export async function namespaceContents(
  cluster: KubernetesClient,
  namespace: string,
): Promise<NamespaceObject[]> {
  const roots = await apiRoots(cluster);
  const perRoot = await Promise.all(roots.map((root) => contentsOfRoot(cluster, root, namespace)));
  const unique = new Map(perRoot.flat().map((object) => [object.description, object]));
  return [...unique.values()];
}

/** `/api/v1` and the preferred version of every group. */
async function apiRoots(cluster: KubernetesClient): Promise<string[]> {
  const { groups } = await cluster.document<{ groups: { preferredVersion: { groupVersion: string } }[] }>(
    "/apis",
  );
  return ["/api/v1", ...groups.map((group) => `/apis/${group.preferredVersion.groupVersion}`)];
}

async function contentsOfRoot(
  cluster: KubernetesClient,
  root: string,
  namespace: string,
): Promise<NamespaceObject[]> {
  const resources = await resourcesOf(cluster, root);
  const lists = await Promise.all(
    resources.map(async (resource) => {
      const items = await cluster.list(`${root}/namespaces/${namespace}/${resource.name}`, {
        metadataOnly: true,
        limit: 100,
      });
      return items
        .filter((item) => !KUBERNETES_OWN.some((own) => own(resource.kind, item.metadata.name)))
        .map((item) => describe(resource.kind, item));
    }),
  );
  return lists.flat();
}

async function resourcesOf(cluster: KubernetesClient, root: string): Promise<ApiResource[]> {
  try {
    const { resources } = await cluster.document<{ resources: ApiResource[] }>(root);
    return resources.filter(
      ({ name, namespaced, verbs }) => namespaced && !name.includes("/") && verbs.includes("list"),
    );
  } catch (error) {
    // An aggregated API whose server is down must not keep a namespace from being judged by all the others.
    if (error instanceof KubernetesError && error.status === 503) return [];
    throw error;
  }
}

function describe(kind: string, object: KubernetesObject): NamespaceObject {
  const { name, deletionTimestamp, ownerReferences } = object.metadata;
  return {
    description: `${kind} ${name}`,
    passing: deletionTimestamp !== undefined || (ownerReferences ?? []).length > 0,
  };
}
