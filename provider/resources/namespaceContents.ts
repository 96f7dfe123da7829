import {
  KubernetesClient,
  KubernetesError,
  KubernetesObject,
  ObjectMetadata,
} from "../../clients/kubernetes";

/** An object that stands in the way of deleting a namespace. */
export interface NamespaceObject {
  /** Such as `Deployment shop`. */
  description: string;
  /** Its path in the API. */
  path: string;
  metadata: ObjectMetadata;
  /** Whether it is on its way out: being deleted, or owned by an object that is, or that is gone. */
  passing: boolean;
}

/** An object as it was found, not yet judged by its owners. */
type FoundObject = Omit<NamespaceObject, "passing">;

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/** Made by Kubernetes itself, by leader election or by an operator for itself alone, and gone with the namespace. */
const KUBERNETES_OWN = [
  (kind: string) => kind === "Event" || kind === "Lease" || kind === "EndpointSlice" || kind === "Endpoints",
  (kind: string) => kind === "PodMetrics",
  (kind: string, name: string) => kind === "ServiceAccount" && name === "default",
  (kind: string, name: string) => kind === "ConfigMap" && name === "kube-root-ca.crt",
  // Vault Secrets Operator leaves it behind.
  (kind: string, name: string) => kind === "Secret" && name === "vso-cc-storage-hmac-key",
];

/** Everything in a namespace but what Kubernetes puts there by itself, of every kind that the cluster serves. */
export async function namespaceContents(
  cluster: KubernetesClient,
  namespace: string,
): Promise<NamespaceObject[]> {
  const roots = await apiRoots(cluster);
  const perRoot = await Promise.all(roots.map((root) => contentsOfRoot(cluster, root, namespace)));
  const unique = new Map(perRoot.flat().map((object) => [object.description, object]));
  const byUid = new Map([...unique.values()].map((object) => [object.metadata.uid, object]));
  return [...unique.values()].map((object) => ({ ...object, passing: isPassing(object, byUid) }));
}

/** Owners own others in turn, as a Deployment does a ReplicaSet, and never themselves. */
function isPassing({ metadata }: FoundObject, byUid: ReadonlyMap<string | undefined, FoundObject>): boolean {
  if (metadata.deletionTimestamp !== undefined) return true;
  const owners = metadata.ownerReferences ?? [];
  return (
    owners.length > 0 &&
    owners.every(({ uid }) => {
      const owner = byUid.get(uid);
      return owner === undefined || isPassing(owner, byUid);
    })
  );
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
): Promise<FoundObject[]> {
  const resources = await resourcesOf(cluster, root);
  const lists = await Promise.all(
    resources.map(async (resource) => {
      const items = await cluster.list(`${root}/namespaces/${namespace}/${resource.name}`, {
        metadataOnly: true,
        limit: 100,
      });
      return items
        .filter((item) => !KUBERNETES_OWN.some((own) => own(resource.kind, item.metadata.name)))
        .map((item) => describe(resource, `${root}/namespaces/${namespace}`, item));
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

function describe(resource: ApiResource, folder: string, object: KubernetesObject): FoundObject {
  const { metadata } = object;
  const { name } = metadata;
  return {
    description: `${resource.kind} ${name}`,
    path: `${folder}/${resource.name}/${name}`,
    metadata,
  };
}
