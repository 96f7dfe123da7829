import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse, parseDocument } from "yaml";
import type { ChartTarget, Target } from "./target";

const PREFIX = "secrets-platform:";

const HEADER = ` Written by \`npm run local\`: the keys that it needs are set anew on every run, others are kept.`;

/** A stack's values by key without the project's prefix, as its file gives them. */
export type StackValues = Readonly<Record<string, unknown>>;

/** The values in the configuration file of one of the project's stacks. Throws when there is no such file. */
export async function stackFileValues(folder: string, stack: string): Promise<StackValues> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`there is no ${file}: name an environment of the project that has one`);
  });
  const { config } = parse(text) as { config?: StackValues | null };
  const entries = Object.entries(config ?? {}).filter(([key]) => key.startsWith(PREFIX));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(PREFIX.length), value]));
}

/** The stack configuration of a target, by key: what aims the project at its cluster, Doppler and chart. */
export function platformConfiguration(target: Target): StackValues {
  const { kubernetes, chart, vaultChart, vault, secretsService } = target;
  return {
    [`${PREFIX}environment`]: target.environment,
    [`${PREFIX}kubernetes`]: {
      context: kubernetes.context,
      ...(kubernetes.kubeconfig === undefined ? {} : { kubeconfig: kubernetes.kubeconfig }),
    },
    [`${PREFIX}doppler`]: { project: target.doppler.project, host: target.doppler.host },
    [`${PREFIX}externalSecrets`]: chartConfiguration(chart),
    [`${PREFIX}vaultSecretsOperator`]: chartConfiguration(vaultChart),
    ...(vault === undefined ? {} : { [`${PREFIX}vault`]: { address: vault.address } }),
    ...(secretsService === undefined ? {} : { [`${PREFIX}secretsService`]: secretsService }),
  };
}

function chartConfiguration({ repository, chart, version, values }: ChartTarget): StackValues {
  return { ...(repository === undefined ? {} : { repository }), chart, version, values };
}

/** The Doppler project of the environment's own stack. */
export function dopplerProject(environment: StackValues): string {
  const { project } = (environment.doppler ?? {}) as { project?: unknown };
  if (typeof project === "string") return project;
  throw new Error("the environment's stack has no secrets-platform:doppler with a project");
}

/**
 * Sets keys in the configuration file of a stack. Other keys, comments and the order of what is there are kept.
 *
 * @param folder The Pulumi project's folder.
 * @param isNew Whether the stack is about to be made: an encryption salt of an earlier one is dropped, because it
 * belongs to a passphrase that is gone.
 */
export async function writeStackConfiguration(
  folder: string,
  stack: string,
  values: StackValues,
  isNew: boolean,
): Promise<void> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const present = await readFile(file, "utf8").catch(() => "");
  const text = withConfiguration(present, values, isNew);
  if (text === present) return;
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/**
 * The text of a stack's configuration file with values set. Inside of a value that is an object, what is not set
 * stays: a person may have added a setting beside ours.
 */
export function withConfiguration(text: string, values: StackValues, dropSalt: boolean): string {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    throw new Error(`the stack's configuration file is not YAML: ${mistake.message}`);
  }
  let changed = text.trim() === "";
  if (changed) document.commentBefore = HEADER;
  if (dropSalt && document.has("encryptionsalt")) {
    document.delete("encryptionsalt");
    changed = true;
  }
  const present = ((document.toJS() ?? {}) as { config?: StackValues | null }).config ?? {};
  for (const [key, value] of Object.entries(values)) {
    const merged = merge(present[key], value);
    if (isDeepStrictEqual(present[key], merged)) continue;
    document.setIn(["config", key], merged);
    changed = true;
  }
  return changed ? document.toString({ lineWidth: 0 }) : text;
}

function merge(present: unknown, wanted: unknown): unknown {
  if (!isObject(present) || !isObject(wanted)) return wanted;
  const merged = Object.entries(wanted).map(([key, value]) => [key, merge(present[key], value)]);
  return { ...present, ...(Object.fromEntries(merged) as StackValues) };
}

function isObject(value: unknown): value is StackValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
