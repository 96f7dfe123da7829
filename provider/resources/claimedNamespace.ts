import { KubernetesClient, KubernetesError, KubernetesObject } from "../../clients/kubernetes";
import { OWNER_ANNOTATION } from "../../components/identity";
import { PlatformConfiguration } from "../configuration";
import { OperationContext, ResourceDefinition, Values } from "../definition";
import { changedNames } from "../difference";
import { removeLeftovers } from "./leftovers";
import { namespaceContents } from "./namespaceContents";

interface NamespaceInputs {
  name: string;
  labels: Record<string, string>;
  owner: string;
}

type Context = OperationContext<PlatformConfiguration>;

const DEFAULT_TIMEOUT_SECONDS = 120;
const POLL_MILLISECONDS = 500;
/** Objects whose owner is gone are collected within this time; only then do they count as left behind. */
const COLLECTION_SECONDS = 60;

/** A namespace that is used when it is there and made when not; deleted only when it was made, and is empty. */
export const claimedNamespace: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news) => {
    const changed = changedNames(olds, news);
    return { changed, replaces: changed.filter((property) => property === "name") };
  },
  create: async (context, inputs) => {
    const { name, labels, owner } = namespaceInputs(inputs);
    const cluster = await context.configuration.cluster();
    await waitUntilNotTerminating(context, cluster, name);
    const made = await makeNamespace(cluster, name, labels, owner);
    return { id: name, outputs: { ...inputs, made } };
  },
  read: async (context, id, state, inputs) => {
    const cluster = await context.configuration.cluster();
    if (!(await cluster.get(namespacePath(id)))) return undefined;
    return { id, outputs: state, inputs: inputs ?? {} };
  },
  update: async (context, id, state, news) => {
    const { labels, owner } = namespaceInputs(news);
    if (state["made"] === true) {
      const cluster = await context.configuration.cluster();
      await cluster.merge(namespacePath(id), {
        metadata: { labels, annotations: { [OWNER_ANNOTATION]: owner } },
      });
    }
    return { ...news, made: state["made"] };
  },
  delete: async (context, id, state) => {
    if (state["made"] !== true) return;
    const cluster = await context.configuration.cluster();
    const namespace = await cluster.get(namespacePath(id));
    // Someone else took it over, or it is gone: not ours to delete.
    if (namespace?.metadata.annotations?.[OWNER_ANNOTATION] !== namespaceInputs(state).owner) return;
    for (const description of await removeLeftovers(cluster, id, namespaceInputs(state).owner)) {
      context.log("info", `removed ${description} of namespace ${id}: no state knew it`);
    }
    const left = await contentsAfterCollection(context, cluster, id);
    if (left.length > 0) {
      await disown(cluster, namespace, namespaceInputs(state).labels);
      context.log("warning", `namespace ${id} stays, since it still holds ${left.join(", ")}`);
      return;
    }
    await cluster.delete(namespacePath(id), { preconditions: { uid: namespace.metadata.uid } });
    await waitUntilGone(context, cluster, id);
  },
};

/** @returns whether the namespace is this stack's own: made now, or made by an update that died before noting it */
async function makeNamespace(
  cluster: KubernetesClient,
  name: string,
  labels: Record<string, string>,
  owner: string,
): Promise<boolean> {
  try {
    await cluster.create("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels, annotations: { [OWNER_ANNOTATION]: owner } },
    });
    return true;
  } catch (error) {
    if (!(error instanceof KubernetesError && error.reason === "AlreadyExists")) throw error;
    const found = await cluster.get(namespacePath(name));
    return found?.metadata.annotations?.[OWNER_ANNOTATION] === owner;
  }
}

async function disown(
  cluster: KubernetesClient,
  namespace: KubernetesObject,
  labels: Record<string, string>,
): Promise<void> {
  await cluster.merge(namespacePath(namespace.metadata.name), {
    metadata: {
      labels: Object.fromEntries(Object.keys(labels).map((label) => [label, null])),
      annotations: { [OWNER_ANNOTATION]: null },
    },
  });
}

/** What is in a namespace once the garbage collector had time to remove what belonged to deleted objects. */
async function contentsAfterCollection(
  context: Context,
  cluster: KubernetesClient,
  name: string,
): Promise<string[]> {
  const deadline = Date.now() + COLLECTION_SECONDS * 1000;
  for (;;) {
    const contents = await namespaceContents(cluster, name);
    const passing = contents.some((object) => object.passing);
    if (!passing || Date.now() > deadline || context.signal.aborted) {
      return contents.map((object) => object.description);
    }
    await pause();
  }
}

async function waitUntilNotTerminating(
  context: Context,
  cluster: KubernetesClient,
  name: string,
): Promise<void> {
  const namespace = await cluster.get(namespacePath(name));
  if (namespace?.metadata.deletionTimestamp) await waitUntilGone(context, cluster, name);
}

async function waitUntilGone(context: Context, cluster: KubernetesClient, name: string): Promise<void> {
  const seconds = context.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  while (await cluster.get(namespacePath(name))) {
    if (context.signal.aborted) throw new Error(`cancelled while namespace ${name} was being deleted`);
    if (Date.now() > deadline) {
      const contents = await namespaceContents(cluster, name);
      throw new Error(
        `namespace ${name} is still being deleted after ${seconds} s; ` +
          `what holds it: ${contents.map((object) => object.description).join(", ") || "nothing that can be listed"}`,
      );
    }
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
}

function namespacePath(name: string): string {
  return `/api/v1/namespaces/${name}`;
}

function namespaceInputs(values: Values): NamespaceInputs {
  return values as unknown as NamespaceInputs;
}
