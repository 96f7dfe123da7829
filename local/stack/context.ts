import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Progress } from "../commands/progress";
import { CHECKOUT, type Instance } from "../node/instance";
import { obtainPart, obtainParts } from "../parts";
import { toolFolders } from "../platform";
import { run } from "../process/run";
import { dopplerProject, stackFileValues, type StackValues } from "./configuration";
import { embeddedChart, embeddedVaultChart } from "./embedded";
import { prepareEngine } from "./engine";
import { commandEnvironment } from "./environment";
import { Pulumi } from "./pulumi";
import type { ChartTarget, Target } from "./target";

/** A cluster that exists, and what the platform needs to know to be brought up on it. */
export interface ContextOptions {
  /** Context of the kubeconfig. */
  context: string;
  /** Path of the kubeconfig. Default: where kubectl finds it. */
  kubeconfig?: string;
  /** Address of Doppler's API, or of an emulator, as the cluster and this machine reach it. */
  dopplerHost: string;
  dopplerToken: string;
  /** Address of OpenBao or Vault, as the cluster and this machine reach it; the token is in VAULT_TOKEN. */
  vaultAddress: string;
  /** `public`: from the operator's repository, as the environment's stack says. `embedded`: assembled here. */
  chart: "public" | "embedded";
  /** YAML file with chart values that come over the platform's own. */
  values?: string;
  /** The project's environment. */
  environment: string;
}

/** A stack on a cluster that exists, with a Pulumi home and state of its own. */
export interface ContextPlatform {
  /** Folder of its Pulumi home and state. */
  folder: string;
  target: Target;
  environment: NodeJS.ProcessEnv;
  pulumi: Pulumi;
}

/** Folder of all that belongs to stacks on other clusters. */
export function contextsFolder(instance: Instance): string {
  return join(instance.folder, "contexts");
}

/** Name of the stack of a context: Pulumi takes letters, digits, dots, dashes and underscores. */
export function contextStack(context: string): string {
  return `context-${context.replace(/[^A-Za-z0-9._-]+/g, "-")}`;
}

/** Prepares to work on a cluster that exists. Throws when it cannot be reached. */
export async function contextPlatform(
  instance: Instance,
  options: ContextOptions,
  progress: Progress,
): Promise<ContextPlatform> {
  const stack = contextStack(options.context);
  const folder = join(contextsFolder(instance), stack);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await mkdir(instance.logs, { recursive: true, mode: 0o700 });
  await obtainParts(["kubectl", "pulumi", "pulumi-kubernetes"], progress);
  const home = join(folder, "pulumi");
  const engine = await prepareEngine(home, progress);
  await progress.step(`cluster of context ${options.context}`, () => requireCluster(options));
  const environmentValues = await stackFileValues(CHECKOUT, options.environment);
  const target: Target = {
    stack,
    environment: options.environment,
    kubernetes: {
      context: options.context,
      ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
    },
    doppler: {
      project: dopplerProject(environmentValues),
      host: options.dopplerHost,
      token: options.dopplerToken,
    },
    chart: await chartOf(options, environmentValues),
    vaultChart: await vaultChartOf(options, environmentValues),
    vault: { address: options.vaultAddress },
  };
  const backend = join(folder, "backend");
  const environment = commandEnvironment({
    target,
    home,
    backend,
    passphraseFile: await passphraseFile(folder),
    folders: await toolFolders(home, ["kubectl"]),
  });
  const pulumi = new Pulumi({
    executable: engine.executable,
    runner: ([command = "", ...words], { folder: cwd, ...rest }) =>
      run(command, words, { ...rest, ...(cwd === undefined ? {} : { cwd }) }),
    environment,
    backend,
  });
  return { folder, target, environment, pulumi };
}

async function chartOf(options: ContextOptions, environmentValues: StackValues): Promise<ChartTarget> {
  const file = options.values;
  const own =
    file === undefined
      ? {}
      : (parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>> | null);
  if (options.chart === "embedded") {
    const chart = await embeddedChart();
    return { ...chart, values: { ...chart.values, ...own } };
  }
  const { chart, version, repository } = environmentValues.externalSecrets as Omit<ChartTarget, "values">;
  return {
    chart,
    version,
    ...(repository === undefined ? {} : { repository }),
    values: { ...own },
  };
}

async function vaultChartOf(options: ContextOptions, environmentValues: StackValues): Promise<ChartTarget> {
  if (options.chart === "embedded") return embeddedVaultChart();
  return { ...(environmentValues.vaultSecretsOperator as Omit<ChartTarget, "values">), values: {} };
}

async function requireCluster({ context, kubeconfig }: ContextOptions): Promise<void> {
  const kubectl = await obtainPart("kubectl");
  const { code, stderr } = await run(kubectl.path, [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...[`--context=${context}`, "--request-timeout=15s", "get", "--raw", "/readyz"],
  ]);
  if (code === 0) return;
  throw new Error(
    `the cluster of context ${context} does not answer: ${stderr.trim()}\n` +
      "`kubectl config get-contexts` lists the contexts; --kubeconfig FILE names another kubeconfig",
  );
}

/** The passphrase of a stack's state, made at random once. */
async function passphraseFile(folder: string): Promise<string> {
  const file = join(folder, "passphrase.credential");
  await writeFile(file, randomBytes(24).toString("hex"), { mode: 0o600, flag: "wx" }).catch(
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    },
  );
  return file;
}
