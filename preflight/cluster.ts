/** Reads, before anything is made, what stands in the cluster under the names that the stack would use. */
import { KubernetesClient, KubernetesObject } from "../clients/kubernetes";
import { Operator } from "../components/operators/operator";
import { operatorsInUse } from "../plan/operators";
import { Plan } from "../plan/plan";
import {
  adoptedObjects,
  FoundObject,
  foreignObjects,
  foreignRelease,
  operatorsSecrets,
  OwnedObject,
  ownedObjects,
  overwrittenSecrets,
} from "./ownership";
import { PreflightProblem } from "./problem";

const EXTERNAL_SECRETS_API = "/apis/external-secrets.io/v1";
const VAULT_SECRETS_API = "/apis/secrets.hashicorp.com/v1beta1";

const COLLECTIONS: Record<OwnedObject["kind"], { root: string; plural: string }> = {
  Secret: { root: "/api/v1", plural: "secrets" },
  ConfigMap: { root: "/api/v1", plural: "configmaps" },
  ExternalSecret: { root: EXTERNAL_SECRETS_API, plural: "externalsecrets" },
  ClusterSecretStore: { root: EXTERNAL_SECRETS_API, plural: "clustersecretstores" },
  VaultConnection: { root: VAULT_SECRETS_API, plural: "vaultconnections" },
  VaultAuth: { root: VAULT_SECRETS_API, plural: "vaultauths" },
  VaultStaticSecret: { root: VAULT_SECRETS_API, plural: "vaultstaticsecrets" },
  Service: { root: "/api/v1", plural: "services" },
  Deployment: { root: "/apis/apps/v1", plural: "deployments" },
  NetworkPolicy: { root: "/apis/networking.k8s.io/v1", plural: "networkpolicies" },
  PodDisruptionBudget: { root: "/apis/policy/v1", plural: "poddisruptionbudgets" },
};

interface StoreBody {
  spec: { conditions?: { namespaces?: string[] }[] };
}

/** What the cluster says about a plan. */
export interface ClusterVerdict {
  problems: PreflightProblem[];
  /** Messages about objects made by hand that the stack takes over. */
  adopted: string[];
}

/** What is wrong in the cluster, all at once, and what the stack would take over. Of Secrets only metadata is read. */
export async function checkCluster(plan: Plan, client: KubernetesClient): Promise<ClusterVerdict> {
  const { owner, owns } = plan.configuration.cluster;
  const [objects, operators, shared, secrets] = await Promise.all([
    findObjects(client, ownedObjects(plan)),
    Promise.all(
      operatorsInUse(plan).map(({ operator, chart: { namespace } }) =>
        owns ? checkRelease(operator, namespace, client) : checkOperator(operator, namespace, owner, client),
      ),
    ),
    checkSharedStores(plan, client),
    Promise.all(
      plan.namespaces.map((namespace) =>
        client.list(`/api/v1/namespaces/${namespace}/secrets`, { metadataOnly: true }),
      ),
    ),
  ]);
  return {
    problems: [
      ...foreignObjects(plan, objects),
      ...operatorsSecrets(plan, secrets.flat()),
      ...operators.flat(),
      ...shared,
    ],
    adopted: [...adoptedObjects(objects), ...overwrittenSecrets(plan, secrets.flat())],
  };
}

/** One list per kind and namespace, whatever the number of objects. */
async function findObjects(
  client: KubernetesClient,
  objects: readonly OwnedObject[],
): Promise<FoundObject[]> {
  const lists = new Map<string, Promise<KubernetesObject[]>>();
  return Promise.all(
    objects.map(async (object) => {
      const { root, plural } = COLLECTIONS[object.kind];
      const path = `${root}${object.namespace ? `/namespaces/${object.namespace}` : ""}/${plural}`;
      const list = lists.get(path) ?? client.list(path, { metadataOnly: true });
      lists.set(path, list);
      return { ...object, found: (await list).find((item) => item.metadata.name === object.name) };
    }),
  );
}

async function checkRelease(
  operator: Operator,
  namespace: string,
  client: KubernetesClient,
): Promise<PreflightProblem[]> {
  const [records, marker] = await Promise.all([
    client.list(`/api/v1/namespaces/${namespace}/secrets`, {
      metadataOnly: true,
      labelSelector: `owner=helm,name=${operator.release}`,
    }),
    ownerMarker(operator, namespace, client),
  ]);
  return foreignRelease(operator, namespace, records, marker);
}

/** The ConfigMap that tells which stack owns an operator; it goes with the operator, unlike the CRDs. */
function ownerMarker(
  { marker }: Operator,
  namespace: string,
  client: KubernetesClient,
): Promise<KubernetesObject | undefined> {
  return client.get(`/api/v1/namespaces/${namespace}/configmaps/${marker}`, { metadataOnly: true });
}

async function checkOperator(
  operator: Operator,
  namespace: string,
  owner: string,
  client: KubernetesClient,
): Promise<PreflightProblem[]> {
  if (await ownerMarker(operator, namespace, client)) return [];
  return [
    {
      subject: operator.title,
      found: `it is not installed, and this stack leaves that to stack "${owner}"`,
      remedy: `Run first: pulumi up --stack ${owner}`,
    },
  ];
}

/** Stores that the cluster's owner makes must be there and open to this stack's applications. */
async function checkSharedStores(plan: Plan, client: KubernetesClient): Promise<PreflightProblem[]> {
  const { owner } = plan.configuration.cluster;
  const used = plan.stores.filter((store) => !store.owned);
  const problems = await Promise.all(
    used.map(async (store): Promise<PreflightProblem[]> => {
      const found = await client.get<StoreBody>(`${EXTERNAL_SECRETS_API}/clustersecretstores/${store.store}`);
      const open = new Set(found?.spec.conditions?.flatMap((condition) => condition.namespaces ?? []));
      const closed = store.namespaces.filter((namespace) => !open.has(namespace));
      if (closed.length === 0) return [];
      return [
        {
          subject: `ClusterSecretStore ${store.store}`,
          found: found ? `it is not open to ${closed.join(", ")}` : "it is not there",
          remedy:
            `Add ${plan.configuration.environment} to cluster.environments of stack "${owner}", which owns it, ` +
            `and run: pulumi up --stack ${owner}`,
        },
      ];
    }),
  );
  return problems.flat();
}
