import { basename, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { findingsOf, Sources } from "../migrate/copiers/findings";
import { PhaseNumber, phasesOf } from "../migrate/copiers/phases";
import { COPY_COLUMNS, copyRows, describeCheck, describeReport } from "../migrate/copiers/reportText";
import { clusterSource, manifestSource, policySource, scriptSource } from "../migrate/copiers/sources";
import { writeApplicationFiles } from "../migrate/copiers/writing";
import { readEnvironmentVariables } from "../migrate/imports/environmentFiles";
import { readOverlays } from "../migrate/kustomize/overlays";
import { addImportOptions, collect, collectPair, importMistake, ImportOptions } from "./importOptions";
import { runImport } from "./imports";
import { runCommand, runProgram } from "./run";
import { PROJECT_FOLDER, projectEnvironments } from "./stackConfiguration";
import { formatTable } from "./table";

interface CopiersOptions {
  context?: string;
  kubeconfig?: string;
  manifests?: string;
  scripts?: string[];
  check?: PhaseNumber;
  write?: string;
  environment?: string;
  mount: string;
  keepPolicy?: string[];
  json?: boolean;
}

const COPIERS_HELP = `
Examples:
  npm run migrate -- copiers --context dev --scripts ../shop/ci --scripts ../billing
  npm run migrate -- copiers --manifests ../deploy --environment dev --write apps
  npm run migrate -- copiers --context dev --check 2

Exit codes: 0 reported, or the phase is done; 1 failed, or the phase is not done; 2 wrong usage.
Policies in Vault are read where VAULT_ADDR and VAULT_TOKEN are set.`;

interface KustomizeOptions extends ImportOptions {
  overlay?: [string, string][];
  without?: string[];
}

interface DotenvOptions extends ImportOptions {
  secret?: string;
  setting?: string[];
}

const KUSTOMIZE_HELP = `
Examples:
  npm run migrate -- kustomize ../voice/k8s --overlay prod=prd --overlay staging=staging --name voice
  npm run migrate -- kustomize ../voice/k8s --overlay prod=prd --overlay staging=staging --name voice --write apps
  npm run migrate -- kustomize ../voice/k8s --overlay prod=prd --without staging --name voice --to doppler --upload
  npm run migrate -- kustomize ../voice/k8s --overlay prod=prd --overlay staging=staging --name voice --check

Exit codes: 0 reported, written, uploaded, or the same; 1 failed, something cannot be carried over, or a difference;
2 wrong usage. Doppler is reached with DOPPLER_TOKEN, Vault with VAULT_ADDR and VAULT_TOKEN.`;

const DOTENV_HELP = `
Examples:
  npm run migrate -- dotenv ../voice/.env --environment dev --name voice --namespace dev=voice-dev
  npm run migrate -- dotenv dev=../voice/.env.dev prd=../voice/.env.prod --name voice --setting LOG_LEVEL \\
    --namespace dev=voice-dev --namespace prd=voice --write apps

Exit codes: as with kustomize.`;

const program = new Command("migrate")
  .exitOverride()
  .usage("(copiers | kustomize | dotenv) [options]")
  .description(
    "Helps a team to come over to this platform. Nothing in a cluster is changed by it, and nothing in Doppler or " +
      "Vault without --upload.",
  );

const copiers = program
  .command("copiers")
  .description(
    "Finds Secrets that Jobs copy between namespaces, who uses them and which scripts make them, and tells in four " +
      "phases how every namespace comes to pull its own. No value of a Secret is shown or written.",
  )
  .option("--context <name>", "read the cluster of this kubeconfig context")
  .option("--kubeconfig <file>", "the kubeconfig (default: $KUBECONFIG or ~/.kube/config)")
  .addOption(
    new Option("--manifests <folder>", "read YAML manifests instead of a cluster").conflicts([
      "context",
      "kubeconfig",
    ]),
  )
  .option("--scripts <folder>", "shell scripts and CI files; may be given several times", collect)
  .addOption(
    new Option("--check <phase>", "only check whether a phase is done, 1 to 4")
      .argParser(phaseNumber)
      .conflicts("write"),
  )
  .option("--write <folder>", "write the application files of phase 2, over none that is there")
  .option("--environment <name>", "the environment that the application files are for (default: every one)")
  .option("--mount <path>", "the KV v2 mount in Vault", "secret")
  .option(
    "--keep-policy <name>",
    "a policy that may stay wide, such as an administrator's; may be given several times",
    collect,
  )
  .option("--json", "print JSON for machines")
  .addHelpText("after", COPIERS_HELP)
  .action((options: CopiersOptions, command: Command) => {
    refuseUsage(command, usageMistake(options));
    return runCommand(() => runCopiers(options));
  });

const kustomize = addImportOptions(
  program
    .command("kustomize")
    .description(
      "Makes application files of a Kustomize tree: its Secrets become keys, its ConfigMaps settings. No value of a " +
        "Secret is shown, or written to a file.",
    )
    .argument("<folder>", "the folder with base and overlays")
    .option(
      "--overlay <overlay=environment>",
      "which overlay makes which environment; for each of them",
      collectPair,
    )
    .option("--without <overlay>", "an overlay to leave out; may be given several times", collect),
)
  .addHelpText("after", KUSTOMIZE_HELP)
  .action((folder: string, options: KustomizeOptions, command: Command) => {
    const { overlay = [], without = [], except = [] } = options;
    refuseUsage(
      command,
      environmentMistake(
        overlay.map(([, environment]) => environment),
        options,
      ),
    );
    const name = options.name ?? basename(resolve(folder));
    return runCommand(async () => {
      const mapping = { overlays: overlay, without };
      const environments = await readOverlays(folder, mapping, new Set(except));
      return runImport(environments, name, `the Kustomize tree ${basename(resolve(folder))}`, options);
    });
  });

const dotenv = addImportOptions(
  program
    .command("dotenv")
    .description(
      "Makes an application file of files of variables: every variable is secret but those that --setting names. No " +
        "value of a Secret is shown, or written to a file.",
    )
    .argument(
      "<files...>",
      "files, each with its environment before it, dev=.env.dev; or one, and --environment",
    )
    .option("--secret <name>", "name of the Secret (default: the application's, and -secrets)")
    .option("--setting <variable>", "a variable that is no secret; may be given several times", collect),
)
  .addHelpText("after", DOTENV_HELP)
  .action((words: string[], options: DotenvOptions, command: Command) => {
    const files = words.map((word): [string, string] => {
      const [, environment, file] = /^([a-z0-9][-_a-z0-9]*)=(.+)$/.exec(word) ?? [];
      return [environment ?? options.environment ?? "", file ?? word];
    });
    refuseUsage(
      command,
      files.some(([environment]) => environment === "")
        ? "a file without its environment: write dev=<file>, or --environment"
        : environmentMistake(
            files.map(([environment]) => environment),
            options,
          ),
    );
    const [, first = ""] = files[0] ?? [];
    const name = options.name ?? basename(resolve(first, ".."));
    const { secret = `${name}-secrets`, setting: settings = [], except = [] } = options;
    const use = { secret, configMap: `${name}-config`, settings, exceptions: new Set(except) };
    return runCommand(() =>
      runImport(
        files.map(([environment, file]) => readEnvironmentVariables(file, environment, use)),
        name,
        files.map(([, file]) => basename(file)).join(", "),
        options,
      ),
    );
  });

program.addHelpText("after", () =>
  [[copiers, COPIERS_HELP] as const, [kustomize, KUSTOMIZE_HELP] as const, [dotenv, DOTENV_HELP] as const]
    .map(([command, text]) => `\n${command.helpInformation()}${text}\n`)
    .join(""),
);

function refuseUsage(command: Command, mistake: string | undefined): void {
  if (mistake !== undefined) command.error(`error: ${mistake}`);
}

/** What is wrong about the environments that are read, and about the options. */
function environmentMistake(environments: readonly string[], options: ImportOptions): string | undefined {
  const known = projectEnvironments(PROJECT_FOLDER);
  const named = [...environments, ...(options.namespace ?? []).map(([environment]) => environment)];
  const unknown = named.filter((environment) => !known.includes(environment));
  if (unknown.length > 0)
    return `${unknown.join(", ")}: no environment of the project; there are ${known.join(", ")}`;
  if (new Set(environments).size < environments.length)
    return "one environment twice: each is made from one place";
  return importMistake(options, environments);
}

function phaseNumber(text: string): PhaseNumber {
  const phase = ([1, 2, 3, 4] as const).find((number) => String(number) === text);
  if (phase === undefined) throw new InvalidArgumentError("Write 1, 2, 3 or 4.");
  return phase;
}

function usageMistake(options: CopiersOptions): string | undefined {
  const { context, kubeconfig, manifests, scripts = [], check } = options;
  if (kubeconfig !== undefined && context === undefined)
    return "--kubeconfig without --context: name a context in it";
  if (check === 2 && context === undefined)
    return "--check 2 without --context: what the operators make is in a cluster";
  if (check === 4 && scripts.length === 0)
    return "--check 4 without --scripts: name the folder of the scripts";
  if (check !== undefined && check > 1) return undefined;
  if (context !== undefined || manifests !== undefined) return undefined;
  return "there is nothing to read: name a cluster with --context, or manifests with --manifests";
}

async function runCopiers(options: CopiersOptions): Promise<number> {
  const { mount, environment, keepPolicy = [], check, write, json } = options;
  const findings = findingsOf(await readSources(options), { mount, environment, keptPolicies: keepPolicy });
  const phases = phasesOf(findings, mount);
  const checked = phases.find(({ phase }) => phase === check);
  if (checked !== undefined) {
    const done = checked.left?.length === 0;
    print(json ? { ...checked, done } : describeCheck(checked));
    return done ? 0 : 1;
  }
  const written = write === undefined ? undefined : writeApplicationFiles(write, findings.applications);
  const table = formatTable(COPY_COLUMNS, copyRows(findings), false);
  print(json ? { phases, ...findings, written } : describeReport(findings, phases, table, written));
  return 0;
}

/** Reads what the options name; for a check, only what that needs. */
async function readSources(options: CopiersOptions): Promise<Sources> {
  const { context, kubeconfig, manifests, scripts = [], check } = options;
  if (check === 3) return { policies: await policySource(process.env), unread: [] };
  if (check === 4) return { scripts: scriptSource(scripts), unread: [] };
  const objects =
    context === undefined ? manifestSource(manifests ?? "") : await clusterSource(context, kubeconfig);
  if (check !== undefined) return objects;
  return { ...objects, scripts: scriptSource(scripts), policies: await policySource(process.env) };
}

function print(content: string | object): void {
  process.stdout.write(`${typeof content === "string" ? content : JSON.stringify(content, null, 2)}\n`);
}

void runProgram(program);
