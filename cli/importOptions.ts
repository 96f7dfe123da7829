/** The options of the commands that import what a team has, and what is wrong about combinations of them. */
import { Command, InvalidArgumentError, Option } from "commander";

/** Options that both commands have. */
export interface ImportOptions {
  name?: string;
  namespace?: [string, string][];
  to: "environment" | "doppler" | "vault";
  write?: string;
  upload?: boolean;
  overwrite?: boolean;
  check?: boolean;
  environment?: string;
  applications?: string;
  context?: string;
  kubeconfig?: string;
  dopplerProject?: string;
  mount?: string;
  except?: string[];
  notSecret?: string[];
  json?: boolean;
}

/** Adds the options that both commands have. */
export function addImportOptions(command: Command): Command {
  return command
    .option("--name <application>", "name of the application (default: the folder's name)")
    .option(
      "--namespace <environment=name>",
      "namespace of what names none; may be given several times",
      collectPair,
    )
    .addOption(
      new Option("--to <source>", "where the values will be")
        .choices(["environment", "doppler", "vault"])
        .default("environment"),
    )
    .option("--write <folder>", "write the application files, over none that is there")
    .addOption(
      new Option("--upload", "write the values to Doppler or Vault, over none that differs").conflicts([
        "write",
        "check",
      ]),
    )
    .option("--overwrite", "with --upload: replace values that differ")
    .addOption(
      new Option(
        "--check",
        "compare what the application files make with what is there today, byte for byte",
      ).conflicts("write"),
    )
    .option("--environment <name>", "the only environment to upload or to check")
    .option(
      "--applications <folder>",
      "with --check: the folder of the application files (default: as Pulumi.yaml says, else apps)",
    )
    .option("--context <name>", "with --check: compare with the cluster of this kubeconfig context")
    .option("--kubeconfig <file>", "the kubeconfig (default: $KUBECONFIG or ~/.kube/config)")
    .option("--doppler-project <name>", "the Doppler project (default: as the environment's stack says)")
    .option("--mount <path>", "the KV v2 mount in Vault (default: as the environment's stack says)")
    .option(
      "--except <object>",
      "leave out Secret/name, ConfigMap/name or a key of it, Secret/name/key; may be given several times",
      collect,
    )
    .option(
      "--not-secret <key>",
      "a setting that only looks like a credential; may be given several times",
      collect,
    )
    .option("--json", "print JSON for machines");
}

/** What is wrong about a combination of options; undefined: nothing. */
export function importMistake(options: ImportOptions, environments: readonly string[]): string | undefined {
  const { to, upload, overwrite, check, environment, applications, context, kubeconfig } = options;
  if (upload === true && to === "environment")
    return "--upload without --to doppler or --to vault: values from the environment belong to whoever runs `pulumi up`";
  if (overwrite === true && upload !== true) return "--overwrite without --upload";
  if (applications !== undefined && check !== true) return "--applications without --check";
  if (context !== undefined && check !== true)
    return "--context without --check: only a check looks at a cluster";
  if (kubeconfig !== undefined && context === undefined)
    return "--kubeconfig without --context: name a context in it";
  const isOne = environment !== undefined || environments.length === 1;
  if (context !== undefined && !isOne) return "--context without --environment: a cluster is for one of them";
  if (to === "vault" && (upload === true || check === true) && !isOne)
    return "--to vault without --environment: VAULT_ADDR is for one of them";
  if (environment !== undefined && !environments.includes(environment))
    return `--environment ${environment}: nothing is read for it; write one of ${environments.join(", ")}`;
  return undefined;
}

/** Reads an option that may be given several times. */
export function collect(value: string, values: readonly string[] = []): string[] {
  return [...values, value];
}

/** Reads `one=other`. */
export function pair(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError("Write two names with = between them.");
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Reads `one=other`, several times. */
export function collectPair(text: string, pairs: readonly [string, string][] = []): [string, string][] {
  return [...pairs, pair(text)];
}
