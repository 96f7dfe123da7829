import { KubernetesClient, KubernetesError } from "../../clients/kubernetes";
import { OWNER_ANNOTATION } from "../../components/identity";
import { PlatformConfiguration } from "../configuration";
import { ResourceDefinition, Values } from "../definition";
import { changedNames } from "../difference";

interface ServiceAccountInputs {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  owner: string;
}

/**
 * A ServiceAccount that is used when it is there and made when not. One that was there, say from an application's
 * own chart, is never changed and never deleted.
 */
export const claimedServiceAccount: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news) => {
    const changed = changedNames(olds, news);
    const replaces = changed.filter((property) => property === "name" || property === "namespace");
    return { changed, replaces };
  },
  create: async (context, inputs) => {
    const account = serviceAccountInputs(inputs);
    const made = await makeServiceAccount(await context.configuration.cluster(), account);
    return { id: `${account.namespace}/${account.name}`, outputs: { ...inputs, made } };
  },
  read: async (context, id, state, inputs) => {
    const cluster = await context.configuration.cluster();
    if (!(await cluster.get(pathOf(serviceAccountInputs(state))))) return undefined;
    return { id, outputs: state, inputs: inputs ?? {} };
  },
  update: async (context, _id, state, news) => {
    const account = serviceAccountInputs(news);
    const cluster = await context.configuration.cluster();
    if (state["made"] === true) {
      await cluster.merge(pathOf(account), {
        metadata: { labels: account.labels, annotations: { [OWNER_ANNOTATION]: account.owner } },
      });
    }
    return { ...news, made: state["made"] };
  },
  delete: async (context, _id, state) => {
    if (state["made"] !== true) return;
    const account = serviceAccountInputs(state);
    const cluster = await context.configuration.cluster();
    const found = await cluster.get(pathOf(account), { metadataOnly: true });
    // Someone else took it over, or it is gone: not ours to delete.
    if (found?.metadata.annotations?.[OWNER_ANNOTATION] !== account.owner) return;
    await cluster.delete(pathOf(account), { preconditions: { uid: found.metadata.uid } });
  },
};

/** @returns whether it is this stack's own: made now, or made by an update that died before noting it */
async function makeServiceAccount(
  cluster: KubernetesClient,
  { namespace, name, labels, owner }: ServiceAccountInputs,
): Promise<boolean> {
  try {
    await cluster.create(`/api/v1/namespaces/${namespace}/serviceaccounts`, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace, labels, annotations: { [OWNER_ANNOTATION]: owner } },
      // The operator asks for tokens of its own; no pod needs one of this account.
      automountServiceAccountToken: false,
    });
    return true;
  } catch (error) {
    if (!(error instanceof KubernetesError && error.reason === "AlreadyExists")) throw error;
    const found = await cluster.get(pathOf({ namespace, name }), { metadataOnly: true });
    return found?.metadata.annotations?.[OWNER_ANNOTATION] === owner;
  }
}

function pathOf({ namespace, name }: Pick<ServiceAccountInputs, "namespace" | "name">): string {
  return `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
}

function serviceAccountInputs(values: Values): ServiceAccountInputs {
  return values as unknown as ServiceAccountInputs;
}
