import { KubernetesClient } from "../../clients/kubernetes";
import { PlatformConfiguration } from "../configuration";
import { OperationContext, ResourceDefinition, Values } from "../definition";
import { dropFinalizers } from "./finalizers";

/** An object that its operator's finalizer holds until the operator has cleared up. */
interface HeldObject {
  /** Its path in the API, such as `/apis/secrets.hashicorp.com/v1beta1/namespaces/shop/vaultauths/shop`. */
  path: string;
  /** Name of the operator's Deployment, and its namespace. */
  operator: { namespace: string; deployment: string };
}

interface DeploymentBody {
  status?: { readyReplicas?: number };
}

type Context = OperationContext<PlatformConfiguration>;

const ID = "finalizers";

/**
 * Makes nothing. Objects that leave while their operator is away would wait for its finalizer for ever: this lets
 * them go, right before Pulumi deletes them.
 */
export const finalizerGuard: ResourceDefinition<PlatformConfiguration> = {
  create: (_context, inputs) => Promise.resolve({ id: ID, outputs: inputs }),
  update: async (context, _id, state, news) => {
    const kept = new Set(heldObjects(news).map(({ path }) => path));
    await release(
      context,
      heldObjects(state).filter(({ path }) => !kept.has(path)),
    );
    return news;
  },
  delete: (context, _id, state) => release(context, heldObjects(state)),
};

async function release(context: Context, objects: readonly HeldObject[]): Promise<void> {
  if (objects.length === 0) return;
  const cluster = await context.configuration.cluster();
  const running = new Map<string, Promise<boolean>>();
  const isRunning = ({ namespace, deployment }: HeldObject["operator"]): Promise<boolean> => {
    const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
    const known = running.get(path) ?? hasReadyPods(cluster, path);
    running.set(path, known);
    return known;
  };
  const released = await Promise.all(
    objects.map(async ({ path, operator }) => !(await isRunning(operator)) && dropFinalizers(cluster, path)),
  );
  const count = released.filter(Boolean).length;
  if (count > 0) {
    context.log(
      "warning",
      `released ${count} objects from the finalizers of an operator that is not running`,
    );
  }
}

async function hasReadyPods(cluster: KubernetesClient, path: string): Promise<boolean> {
  const deployment = await cluster.get<DeploymentBody>(path);
  return (deployment?.status?.readyReplicas ?? 0) > 0;
}

function heldObjects(values: Values): HeldObject[] {
  return (values as unknown as { objects: HeldObject[] }).objects;
}
