import { ClusterUnreachable, KubernetesClient, KubernetesError } from "../../clients/kubernetes";
import { PlatformConfiguration } from "../configuration";
import { OperationContext, ResourceDefinition, Values } from "../definition";
import { PartialCreation } from "../errors";
import { externalSecretKind } from "./externalSecretStatus";
import type { SyncKind, SyncTarget } from "./syncKind";
import { vaultStaticSecretKind } from "./vaultStaticSecretStatus";

interface SynchronizationInputs {
  secrets: SyncTarget[];
  timeoutSeconds: number;
}

const KINDS: Record<SyncTarget["kind"], SyncKind> = {
  ExternalSecret: externalSecretKind,
  VaultStaticSecret: vaultStaticSecretKind,
};

type Context = OperationContext<PlatformConfiguration>;

const ID = "synchronization";
/** Stands for the revision of a sync object that failed to sync. */
const UNSYNCED = "";
const POLL_MILLISECONDS = 500;

/** Waits until the operator has synced the present form of every sync object that is new or changed. */
export const synchronization: ResourceDefinition<PlatformConfiguration> = {
  create: async (context, inputs) => {
    const { secrets, timeoutSeconds } = synchronizationInputs(inputs);
    const { failure } = await waitForAll(context, secrets, timeoutSeconds);
    if (failure !== undefined) throw new Error(failure);
    return { id: ID, outputs: inputs };
  },
  update: async (context, _id, state, news) => {
    const { secrets, timeoutSeconds } = synchronizationInputs(news);
    const known = new Map(
      synchronizationInputs(state).secrets.map((target) => [key(target), target.revision]),
    );
    const changed = secrets.filter((target) => known.get(key(target)) !== target.revision);
    const { waiting, failure } = await waitForAll(context, changed, timeoutSeconds);
    if (failure === undefined) return news;
    // The sync objects have changed already. What failed is recorded without a revision, so that the next update
    // waits for it, also when it only takes the change back.
    const unsynced = new Set(waiting.map(key));
    const recorded = secrets.map((target) =>
      unsynced.has(key(target)) ? { ...target, revision: UNSYNCED } : target,
    );
    throw new PartialCreation(ID, { ...news, secrets: recorded }, failure);
  },
};

/** How a wait ended: what is not in sync, and the message about it. */
interface WaitResult {
  waiting: readonly SyncTarget[];
  failure?: string;
}

/**
 * A status that looks good from the start proves nothing: it may be that of the old token, or of an older form.
 * Then the operator is asked to read again, and only a newer status counts.
 * @returns with a failure that names every application, store and reason that is left when the time is over
 */
async function waitForAll(
  context: Context,
  targets: readonly SyncTarget[],
  timeoutSeconds: number,
): Promise<WaitResult> {
  const cluster = await context.configuration.cluster();
  const deadline = Date.now() + timeoutSeconds * 1000;
  const outdated = new Map<string, string | undefined>();
  let waiting = targets;
  for (;;) {
    const synced = await Promise.all(waiting.map((target) => isSynced(cluster, target, outdated)));
    waiting = waiting.filter((_, index) => !synced[index]);
    if (waiting.length === 0) return { waiting };
    if (context.signal.aborted) {
      return { waiting, failure: `cancelled while waiting for ${waiting.map(key).join(", ")}` };
    }
    if (Date.now() > deadline) {
      const reasons = await Promise.all(waiting.map((target) => KINDS[target.kind].whyNot(cluster, target)));
      const failure = `not in sync after ${timeoutSeconds} s:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`;
      return { waiting, failure };
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** @param outdated versions that do not count, by sync object; filled at the first look at each */
async function isSynced(
  cluster: KubernetesClient,
  target: SyncTarget,
  outdated: Map<string, string | undefined>,
): Promise<boolean> {
  try {
    const { syncedVersion, askForRefresh } = KINDS[target.kind];
    const version = await syncedVersion(cluster, target);
    if (!askForRefresh) return version !== undefined;
    if (!outdated.has(key(target))) {
      if (version !== undefined) await askForRefresh(cluster, target);
      outdated.set(key(target), version);
      return false;
    }
    return version !== undefined && version !== outdated.get(key(target));
  } catch (error) {
    if (mayPass(error)) return false;
    throw error;
  }
}

/** Whether an error of the API server is worth another look. */
function mayPass(error: unknown): boolean {
  if (error instanceof KubernetesError) return error.status === 429 || error.status >= 500;
  return error instanceof ClusterUnreachable;
}

function key(target: SyncTarget): string {
  return `${target.kind} ${target.namespace}/${target.name}`;
}

function synchronizationInputs(values: Values): SynchronizationInputs {
  return values as unknown as SynchronizationInputs;
}
