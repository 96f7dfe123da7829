/** Reads from a cluster what `status` shows. */
import { KubernetesClient, KubernetesObject } from "../clients/kubernetes";
import {
  ENVIRONMENT_SOURCE,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  SOURCE_LABEL,
  STACK_LABEL,
} from "../components/identity";
import { isPlaceholderValue, PLACEHOLDER_LABEL } from "../components/placeholder";
import { ExternalSecretBody } from "../provider/resources/externalSecretStatus";
import { VaultStaticSecretBody } from "../provider/resources/vaultStaticSecretStatus";
import { newestWarning } from "../provider/resources/warnings";
import { isBootstrapSecret, Observations, VaultObservation } from "./secretTable";

/** What there is of a stack's Secrets. Values are read only of Secrets that are marked as made up. */
export async function observeSecrets(cluster: KubernetesClient, stack: string): Promise<Observations> {
  const labelSelector = `${MANAGED_BY_LABEL}=${MANAGED_BY},${STACK_LABEL}=${stack}`;
  const [externalSecrets, vaultStaticSecrets, marked, environmentSecrets] = await Promise.all([
    cluster.list<ExternalSecretBody>("/apis/external-secrets.io/v1/externalsecrets", { labelSelector }),
    cluster.list<VaultStaticSecretBody>("/apis/secrets.hashicorp.com/v1beta1/vaultstaticsecrets", {
      labelSelector,
    }),
    cluster.list("/api/v1/secrets", {
      labelSelector: `${PLACEHOLDER_LABEL}=true,${STACK_LABEL}=${stack}`,
      metadataOnly: true,
    }),
    cluster.list("/api/v1/secrets", {
      labelSelector: `${labelSelector},${SOURCE_LABEL}=${ENVIRONMENT_SOURCE}`,
      metadataOnly: true,
    }),
  ]);
  return {
    externalSecrets,
    vaultStaticSecrets: await Promise.all(vaultStaticSecrets.map((object) => observeVault(cluster, object))),
    environmentSecrets,
    bootstrapSecrets: marked.filter(isBootstrapSecret),
  };
}

async function observeVault(
  cluster: KubernetesClient,
  object: KubernetesObject<VaultStaticSecretBody>,
): Promise<VaultObservation> {
  const { name, namespace = "" } = object.metadata;
  const { destination } = object.spec;
  const declared = destination.labels?.[PLACEHOLDER_LABEL] === "true";
  const [warning, placeholder] = await Promise.all([
    newestWarning(cluster, "VaultStaticSecret", { namespace, name }),
    declared && holdsPlaceholders(cluster, namespace, destination.name),
  ]);
  return { object, warning, placeholder };
}

async function holdsPlaceholders(
  cluster: KubernetesClient,
  namespace: string,
  name: string,
): Promise<boolean> {
  const secret = await cluster.get<{ data?: Record<string, string> }>(
    `/api/v1/namespaces/${namespace}/secrets/${name}`,
  );
  return Object.values(secret?.data ?? {}).some((value) =>
    isPlaceholderValue(Buffer.from(value, "base64").toString("utf8")),
  );
}
