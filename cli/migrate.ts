import { Command, InvalidArgumentError, Option } from "commander";
import { findingsOf, Sources } from "../migrate/copiers/findings";
import { PhaseNumber, phasesOf } from "../migrate/copiers/phases";
import { COPY_COLUMNS, copyRows, describeCheck, describeReport } from "../migrate/copiers/reportText";
import { clusterSource, manifestSource, policySource, scriptSource } from "../migrate/copiers/sources";
import { writeApplicationFiles } from "../migrate/copiers/writing";
import { runCommand, runProgram } from "./run";
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

const program = new Command("migrate")
  .exitOverride()
  .usage("(copiers) [options]")
  .description(
    "Helps a team to come over to this platform. Nothing in a cluster or in Vault is changed by it.",
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
    const mistake = usageMistake(options);
    if (mistake !== undefined) command.error(`error: ${mistake}`);
    return runCommand(() => runCopiers(options));
  });

program.addHelpText("after", () => `\n${copiers.helpInformation()}${COPIERS_HELP}`);

function collect(value: string, values: readonly string[] = []): string[] {
  return [...values, value];
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
