import { KubernetesClient } from "../../clients/kubernetes";
import { isPlaceholder } from "../../clients/vaultPlaceholders";
import { PlatformConfiguration } from "../configuration";
import { OperationContext, ResourceDefinition, ResourceState, Values } from "../definition";
import { changedNames } from "../difference";
import { PartialCreation } from "../errors";

interface PopulationInputs {
  job: { metadata: { name: string; namespace: string } };
  mount: string;
  path: string;
  timeoutSeconds: number;
}

interface JobBody {
  status?: { conditions?: { type: string; status: string; reason?: string; message?: string }[] };
}

type Context = OperationContext<PlatformConfiguration>;

const POLL_MILLISECONDS = 500;
/** How long a Job that is deleted may take to go, in seconds. */
const DELETION_SECONDS = 60;

/** Runs a Job once that writes real values over placeholders in Vault. */
export const population: ResourceDefinition<PlatformConfiguration> = {
  diff: (_id, olds, news, state) => {
    const changed = changedNames(olds, news);
    const replaces = changed.filter((property) => property === "mount" || property === "path");
    // What is done once is not done again because an image has another tag.
    if (state["populated"] === true && replaces.length === 0) return { changed: [] };
    return { changed, replaces };
  },
  create: (context, inputs) => populate(context, inputs),
  update: async (context, _id, _state, news) => (await populate(context, news)).outputs,
  delete: async (context, _id, state) => {
    const cluster = await context.configuration.cluster();
    await cluster.delete(jobPath(populationInputs(state)), { propagationPolicy: "Background" });
  },
};

/** @throws PartialCreation when the Job failed: the next update runs it again */
async function populate(context: Context, inputs: Values): Promise<ResourceState> {
  const wanted = populationInputs(inputs);
  const id = `${wanted.mount}/${wanted.path}`;
  if (!(await isPending(context, wanted))) return { id, outputs: { ...inputs, populated: true } };
  const cluster = await context.configuration.cluster();
  const failure = await runJob(context, cluster, wanted);
  if (failure === undefined && !(await isPending(context, wanted))) {
    return { id, outputs: { ...inputs, populated: true } };
  }
  const { namespace, name } = wanted.job.metadata;
  throw new PartialCreation(
    id,
    { ...inputs, populated: false },
    `Job ${namespace}/${name}, which is to fill ${id}: ${failure ?? "it ended well, and wrote no new version there"}. ` +
      `See kubectl --namespace ${namespace} logs job/${name}`,
  );
}

async function isPending(context: Context, { mount, path }: PopulationInputs): Promise<boolean> {
  const metadata = await context.configuration.vault().kvMetadata(mount, path);
  return metadata === undefined || isPlaceholder(metadata);
}

/** @returns why it failed */
async function runJob(
  context: Context,
  cluster: KubernetesClient,
  wanted: PopulationInputs,
): Promise<string | undefined> {
  const path = jobPath(wanted);
  await cluster.delete(path, { propagationPolicy: "Background" });
  const gone = await poll(context, DELETION_SECONDS, async () => (await cluster.get(path)) === undefined);
  if (!gone) return `an earlier one is still there after ${DELETION_SECONDS} s`;
  await cluster.create(`/apis/batch/v1/namespaces/${wanted.job.metadata.namespace}/jobs`, wanted.job);
  let verdict: string | undefined;
  const ended = await poll(context, wanted.timeoutSeconds, async () => {
    const conditions = (await cluster.get<JobBody>(path))?.status?.conditions ?? [];
    const failed = conditions.find(({ type, status }) => type === "Failed" && status === "True");
    if (failed) verdict = [failed.reason, failed.message].filter(Boolean).join(": ") || "it failed";
    const complete = conditions.some(({ type, status }) => type === "Complete" && status === "True");
    return complete || failed !== undefined;
  });
  return ended ? verdict : `it has not ended after ${wanted.timeoutSeconds} s`;
}

/** @returns whether the condition came true in time */
async function poll(context: Context, seconds: number, condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (context.signal.aborted || Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
  return true;
}

function jobPath({ job }: PopulationInputs): string {
  return `/apis/batch/v1/namespaces/${job.metadata.namespace}/jobs/${job.metadata.name}`;
}

function populationInputs(values: Values): PopulationInputs {
  return values as unknown as PopulationInputs;
}
