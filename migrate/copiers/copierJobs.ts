/** Finds Jobs and CronJobs that copy Secrets, or make them. Pure. */
import { Inventory, Workload } from "../inventory/inventory";
import { ContainerScripts } from "../inventory/podSpec";
import { Variables } from "../shell/variables";
import { secretSteps, SecretStep, stepsOf } from "./secretSteps";

/** What a Job's text tells of one copy. */
interface CopierStep extends SecretStep {
  /** The container, or the ConfigMap and its key, whose text it is. */
  readonly place: string;
}

/** A Job or CronJob that copies Secrets. */
export interface CopierJob {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly steps: readonly CopierStep[];
}

const SHELL = /^(?:.*\/)?(?:sh|bash|ash|dash|ksh|zsh)$/;

/** The Jobs and CronJobs with a script that copies Secrets, or makes them, by namespace and name. */
export function copierJobs({ workloads, configMaps }: Inventory): CopierJob[] {
  return workloads
    .filter(({ kind }) => kind === "Job" || kind === "CronJob")
    .flatMap((job) => {
      const steps = job.scripts.flatMap((container) => containerSteps(job, container, configMaps));
      const { kind, namespace, name } = job;
      return steps.length === 0 ? [] : [{ kind, namespace, name, steps }];
    })
    .sort((one, other) => compare(one.namespace, other.namespace) || compare(one.name, other.name));
}

function containerSteps(
  { namespace }: Workload,
  container: ContainerScripts,
  configMaps: Inventory["configMaps"],
): CopierStep[] {
  const textsIn = (map: string): [string, string][] =>
    Object.entries(configMaps.get(`${namespace}/${map}`) ?? {}).flatMap(([key, text]) =>
      typeof text === "string" ? [[key, text]] : [],
    );
  const variables = variablesOf(container, textsIn);
  const surroundings = { namespace, variables };
  const own = commandSteps(container.words, surroundings);
  // A command such as `sh -c "$SCRIPT"` runs a variable.
  const scripts = [
    ...container.environment.values(),
    ...container.environmentKeys.flatMap(({ configMap, key }) =>
      textsIn(configMap)
        .filter(([name]) => name === key)
        .map(([, text]) => text),
    ),
  ];
  const place = `container ${container.name}`;
  return [
    ...[...own, ...scripts.flatMap((text) => secretSteps(text, surroundings) ?? [])].map((step) => ({
      ...step,
      place,
    })),
    ...[...new Set(container.mounted)].flatMap((map) =>
      textsIn(map).flatMap(([key, text]) =>
        (secretSteps(text, surroundings) ?? []).map((step) => ({
          ...step,
          place: `ConfigMap ${map}, key ${key}`,
        })),
      ),
    ),
  ];
}

function variablesOf(
  { environment, environmentMaps, environmentKeys }: ContainerScripts,
  textsIn: (map: string) => [string, string][],
): Variables {
  const values: [string, string][] = [
    ...environmentMaps.flatMap(textsIn),
    ...environmentKeys.flatMap(({ variable, configMap, key }): [string, string][] =>
      textsIn(configMap).flatMap(([name, text]): [string, string][] =>
        name === key ? [[variable, text]] : [],
      ),
    ),
    ...environment,
  ];
  return new Map(values.map(([name, value]) => [name, [value]]));
}

/** Steps of a command: of the script after `sh -c`, else of the command itself. */
function commandSteps(
  words: readonly string[],
  surroundings: { namespace: string; variables: Variables },
): SecretStep[] {
  const script = words.findIndex((word) => /^-[a-z]*c[a-z]*$/.test(word)) + 1;
  const text = SHELL.test(words[0] ?? "") && script > 0 ? words[script] : undefined;
  if (text !== undefined) return secretSteps(text, surroundings) ?? [];
  if (words.length === 0) return [];
  // Kubernetes replaces `$(NAME)` as the shell does with `${NAME}`.
  const replaced = words.map((word) => word.replaceAll(/\$\(([A-Za-z_]\w*)\)/g, "$${$1}"));
  return stepsOf([{ line: 1, words: replaced, pipeline: 0 }], surroundings);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
