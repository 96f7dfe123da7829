import { KubernetesClient, KubernetesError } from "../../clients/kubernetes";

/**
 * Takes an object's finalizers off, so that deleting it waits for nobody.
 * @returns whether there were any
 */
export async function dropFinalizers(cluster: KubernetesClient, path: string): Promise<boolean> {
  const object = await cluster.get(path, { metadataOnly: true });
  if (!object?.metadata.finalizers?.length) return false;
  try {
    await cluster.merge(path, { metadata: { finalizers: null } });
    return true;
  } catch (error) {
    if (error instanceof KubernetesError && error.status === 404) return false;
    throw error;
  }
}
