import { KubernetesClient } from "../../clients/kubernetes";
import { AnyObject, inventoryOf } from "./inventory";

/** Kind -> where the API server lists its objects; the first path that has some, of one kind in two versions. */
const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["/apis/apps/v1/deployments"],
  StatefulSet: ["/apis/apps/v1/statefulsets"],
  DaemonSet: ["/apis/apps/v1/daemonsets"],
  Job: ["/apis/batch/v1/jobs"],
  CronJob: ["/apis/batch/v1/cronjobs"],
  ServiceAccount: ["/api/v1/serviceaccounts"],
  Ingress: ["/apis/networking.k8s.io/v1/ingresses"],
  ExternalSecret: [
    "/apis/external-secrets.io/v1/externalsecrets",
    "/apis/external-secrets.io/v1beta1/externalsecrets",
  ],
  VaultStaticSecret: ["/apis/secrets.hashicorp.com/v1beta1/vaultstaticsecrets"],
  VaultDynamicSecret: ["/apis/secrets.hashicorp.com/v1beta1/vaultdynamicsecrets"],
  VaultPKISecret: ["/apis/secrets.hashicorp.com/v1beta1/vaultpkisecrets"],
};
/** Helm's records and tokens are large and many, and nobody copies them. */
const SECRETS_WANTED = "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token";

/** Reads from a cluster what is looked at. It only reads. @throws KubernetesError, ClusterUnreachable */
export async function readCluster(cluster: KubernetesClient): Promise<AnyObject[]> {
  const [secrets, ...others] = await Promise.all([
    cluster.list("/api/v1/secrets", { fieldSelector: SECRETS_WANTED }),
    ...Object.entries(COLLECTIONS).map(([kind, paths]) => readKind(cluster, kind, paths)),
  ]);
  // Items of a list do not tell their kind.
  const objects: AnyObject[] = [
    ...secrets.map((secret) => ({ ...secret, kind: "Secret" })),
    ...others.flat(),
  ];
  return [...objects, ...(await readScripts(cluster, objects))];
}

async function readKind(
  cluster: KubernetesClient,
  kind: string,
  paths: readonly string[],
): Promise<AnyObject[]> {
  for (const path of paths) {
    const objects = await cluster.list(path);
    if (objects.length > 0) return objects.map((object) => ({ ...object, kind }));
  }
  return [];
}

/** The ConfigMaps that Jobs and CronJobs read: a script may be in them. */
async function readScripts(cluster: KubernetesClient, objects: readonly AnyObject[]): Promise<AnyObject[]> {
  const paths = new Set(
    inventoryOf(objects)
      .workloads.filter(({ kind }) => kind === "Job" || kind === "CronJob")
      .flatMap(({ namespace, scripts }) =>
        scripts
          .flatMap(({ mounted, environmentMaps, environmentKeys }) => [
            ...mounted,
            ...environmentMaps,
            ...environmentKeys.map(({ configMap }) => configMap),
          ])
          .map((name) => `/api/v1/namespaces/${namespace}/configmaps/${name}`),
      ),
  );
  const found = await Promise.all([...paths].map((path) => cluster.get(path)));
  return found.flatMap((object) => (object === undefined ? [] : [{ ...object, kind: "ConfigMap" }]));
}
