import { KubernetesClient, KubernetesError } from "../../clients/kubernetes";
import { OWNER_ANNOTATION } from "../../components/identity";
import { PLACEHOLDER_LABEL, placeholderValue } from "../../components/placeholder";
import { PlatformConfiguration } from "../configuration";
import { OperationContext, ResourceDefinition, Values } from "../definition";
import { changedNames } from "../difference";

interface PlaceholderInputs {
  namespace: string;
  name: string;
  keys: string[];
  type: string;
  labels: Record<string, string>;
  owner: string;
  restart: { kind: string; name: string }[];
}

/** A labelled Secret with made-up values, never over one that is there. Its values are not in the state. */
export const placeholderSecret: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news) => {
    const changed = changedNames(olds, news);
    return { changed, replaces: changed.filter((property) => ["name", "namespace"].includes(property)) };
  },
  create: async (context, inputs) => {
    const placeholder = placeholderInputs(inputs);
    const cluster = await context.configuration.cluster();
    const made = await makePlaceholder(cluster, placeholder);
    return { id: `${placeholder.namespace}/${placeholder.name}`, outputs: { ...inputs, made } };
  },
  // Values that pods have started with stay as they are; the operator replaces them all.
  update: (_context, _id, state, news) => Promise.resolve({ ...news, made: state["made"] }),
  delete: async (context, _id, state) => {
    if (state["made"] !== true) return;
    const placeholder = placeholderInputs(state);
    const cluster = await context.configuration.cluster();
    const found = await cluster.get(pathOf(placeholder), { metadataOnly: true });
    if (found === undefined) return;
    const { labels, annotations, uid } = found.metadata;
    if (labels?.[PLACEHOLDER_LABEL] === "true" && annotations?.[OWNER_ANNOTATION] === placeholder.owner) {
      await cluster.delete(pathOf(placeholder), { preconditions: { uid } });
      return;
    }
    await restartTargets(context, cluster, placeholder);
  },
};

/** Kubernetes takes nothing but JSON under these keys of Secrets of a type of their own: no registry at all. */
const STRUCTURED: Readonly<Record<string, string>> = {
  ".dockerconfigjson": '{"auths":{}}',
  ".dockercfg": "{}",
};

/** @returns whether it is this stack's: made now, or by an update that died before noting it */
async function makePlaceholder(cluster: KubernetesClient, placeholder: PlaceholderInputs): Promise<boolean> {
  const { namespace, name, keys, type, labels, owner } = placeholder;
  try {
    await cluster.create(`/api/v1/namespaces/${namespace}/secrets`, {
      apiVersion: "v1",
      kind: "Secret",
      type,
      metadata: {
        name,
        namespace,
        labels: { ...labels, [PLACEHOLDER_LABEL]: "true" },
        annotations: { [OWNER_ANNOTATION]: owner },
      },
      stringData: Object.fromEntries(keys.map((key) => [key, STRUCTURED[key] ?? placeholderValue()])),
    });
    return true;
  } catch (error) {
    if (!(error instanceof KubernetesError && error.reason === "AlreadyExists")) throw error;
    const found = await cluster.get(pathOf(placeholder), { metadataOnly: true });
    return found?.metadata.annotations?.[OWNER_ANNOTATION] === owner;
  }
}

/** Pods that started with placeholders have them in their environment until they are restarted. */
async function restartTargets(
  context: OperationContext<PlatformConfiguration>,
  cluster: KubernetesClient,
  { namespace, restart }: PlaceholderInputs,
): Promise<void> {
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  for (const { kind, name } of restart) {
    const path = `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
    try {
      await cluster.merge(path, { spec: { template: { metadata: { annotations } } } });
    } catch (error) {
      if (!(error instanceof KubernetesError && error.status === 404)) throw error;
      context.log("warning", `${kind} ${namespace}/${name} is not there, and was not restarted`);
    }
  }
}

function pathOf({ namespace, name }: PlaceholderInputs): string {
  return `/api/v1/namespaces/${namespace}/secrets/${name}`;
}

function placeholderInputs(values: Values): PlaceholderInputs {
  return values as unknown as PlaceholderInputs;
}
