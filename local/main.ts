import { constants } from "node:os";
import { Command, CommanderError, Option } from "commander";
import { down } from "./commands/down";
import { shellLines } from "./commands/environment";
import { StreamProgress } from "./commands/progress";
import { describeStatus, platformStatus } from "./commands/status";
import { up, upNode } from "./commands/up";
import { contextOptions, downContext, upContext, type ContextFlags } from "./commands/context";
import { requireLinuxAndRoot, UsageError } from "./commands/usage";
import { Platform } from "./platform";
import { runInteractively } from "./process/interactive";
import { EMBEDDED_STACK } from "./stack/embedded";
import { secretTableCommand } from "./stack/secretTable";

const EXAMPLES = `
Examples:
  npm run local                                    everything up, ends with the table of secrets
  npm run local:exec -- kubectl get pods -A        a command inside
  npm run local:shell                              a shell inside
  eval "$(npm run -s local:env)"                   then pulumi, kubectl, doppler and bao work in this shell
  npm run local:down                               everything ended, the cluster's data deleted
  DOPPLER_TOKEN=... VAULT_TOKEN=... npm run local -- --context kind-kind \\
    --doppler-host https://api.doppler.com --vault-address https://vault.example:8200
                                                   the same stack on a cluster that exists; needs no root

Environment:
  SECRETS_PLATFORM_INSTANCE   name of the instance; default: made of the checkout's path
  SECRETS_PLATFORM_<PART>     path of a part to use, such as SECRETS_PLATFORM_PULUMI
  XDG_CACHE_HOME              where parts are kept, in secrets-platform/; default: ~/.cache
  XDG_STATE_HOME              where instances are kept, in secrets-platform/; default: ~/.local/state

Exit codes: 0 done, 1 failed, 2 wrong usage.`;

interface UpFlags extends ContextFlags {
  only?: "node";
}

const progress = new StreamProgress(process.stdout);

/** Lets what this process has started end with it when it is told to end. */
function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

async function runUp(flags: UpFlags): Promise<number> {
  endOnSignals();
  const options = contextOptions(flags);
  if (options !== undefined) return upContext(options, progress);
  requireLinuxAndRoot();
  const platform = new Platform();
  if (flags.only === "node") {
    await upNode(platform, progress);
    return 0;
  }
  await up(platform, progress);
  return showSecrets(platform);
}

async function runDown(flags: ContextFlags & { purge: boolean }): Promise<number> {
  const options = contextOptions(flags);
  if (options !== undefined) return downContext(options, progress);
  requireLinuxAndRoot();
  for (const line of await down(new Platform(), flags, progress)) print(line);
  return 0;
}

async function runStatus({ json }: { json: boolean }): Promise<number> {
  const platform = new Platform();
  const status = await platformStatus(platform.node);
  const hasSecrets = status.running && (await platform.hasStack());
  if (json) {
    const table = hasSecrets ? await platform.exec(secretTableCommand(EMBEDDED_STACK, true)) : undefined;
    const secrets: unknown = table === undefined || table.stdout === "" ? [] : JSON.parse(table.stdout);
    print(JSON.stringify({ ...status, secrets }, undefined, 2));
    return table?.code ?? 1;
  }
  print(`${describeStatus(status, process.stdout.isTTY)}\n`);
  if (hasSecrets) return showSecrets(platform);
  print(`${status.running ? "There is no stack on it" : "Start it"}: npm run local`);
  return 1;
}

/** Shows the table of the stack's secrets on this terminal. */
function showSecrets(platform: Platform): Promise<number> {
  return enter(platform, secretTableCommand(EMBEDDED_STACK, false));
}

/** Runs a command inside, with this terminal. */
async function enter(platform: Platform, command: readonly [string, ...string[]]): Promise<number> {
  requireLinuxAndRoot();
  const line = await platform.node.commandLine(command, process.cwd());
  return runInteractively(line, await platform.environment());
}

async function runShell(): Promise<number> {
  const platform = new Platform();
  process.stderr.write(
    `Inside the embedded platform ${platform.node.instance.name}: pulumi, kubectl, doppler and bao work here; ` +
      "exit leaves.\n",
  );
  return enter(platform, [process.env.SHELL ?? "/bin/sh", "-i"]);
}

async function runEnvironment(): Promise<number> {
  for (const line of await shellLines(new Platform())) print(line);
  return 0;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function program(finish: (code: Promise<number>) => Promise<void>): Command {
  const command = new Command("local")
    .description("The embedded platform: a real cluster with all its secrets, on this machine alone.")
    .enablePositionalOptions()
    .showHelpAfterError("(--help tells more)")
    .addHelpText("after", EXAMPLES);
  command
    .command("up")
    .description("start what is not running, and bring the stack up")
    .addOption(new Option("--only <extent>", "bring up the cluster, but no stack on it").choices(["node"]))
    .option("--context <name>", "use the cluster of this kubeconfig context instead of an embedded one")
    .option("--kubeconfig <file>", "the kubeconfig; default: where kubectl finds it (with --context)")
    .option(
      "--doppler-host <url>",
      "Doppler's API, or an emulator, as the cluster reaches it (with --context)",
    )
    .option(
      "--vault-address <url>",
      "OpenBao or Vault, as the cluster reaches it; default: VAULT_ADDR (with --context)",
    )
    .addOption(
      new Option("--chart <source>", "the operator's chart (with --context)")
        .choices(["public", "embedded"])
        .default("public"),
    )
    .option("--values <file>", "YAML file of chart values, over the platform's own (with --context)")
    .option("--environment <name>", "the project's environment to provision (with --context)", "dev")
    .addHelpText("after", EXAMPLES)
    .action((flags: UpFlags) => finish(runUp(flags)));
  command
    .command("down")
    .description("end everything, and delete the cluster's data with the Pulumi state of its stacks")
    .option("--purge", "delete logs and plugins as well", false)
    .option("--context <name>", "destroy the stack on this cluster instead; the cluster stays")
    .option("--kubeconfig <file>", "the kubeconfig (with --context)")
    .option("--doppler-host <url>", "Doppler's API, or an emulator (with --context)")
    .option("--vault-address <url>", "OpenBao or Vault; default: VAULT_ADDR (with --context)")
    .option("--environment <name>", "the project's environment (with --context)", "dev")
    .action((flags: ContextFlags & { purge: boolean }) => finish(runDown(flags)));
  command
    .command("status")
    .description("show servers, parts, plugins and secrets")
    .option("--json", "print JSON for machines", false)
    .action((flags: { json: boolean }) => finish(runStatus(flags)));
  command
    .command("shell")
    .description("open a shell inside")
    .action(() => finish(runShell()));
  command
    .command("exec")
    .description("run a command inside")
    .argument("<command...>")
    .passThroughOptions()
    .action((words: [string, ...string[]]) => finish(enter(new Platform(), words)));
  command
    .command("env")
    .description("print what makes pulumi, kubectl, doppler and bao work in a shell of your own")
    .action(() => finish(runEnvironment()));
  for (const each of [command, ...command.commands]) each.exitOverride();
  return command;
}

async function main(): Promise<void> {
  let code = 0;
  const finish = async (pending: Promise<number>): Promise<void> => {
    code = await pending;
  };
  try {
    await program(finish).parseAsync();
  } catch (error) {
    code = exitCodeOf(error);
  }
  // Work that runs beside a step that failed must not keep the command alive.
  process.exit(code);
}

function exitCodeOf(error: unknown): number {
  // Commander has written its message already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

// The reader of a pipe, such as `head`, may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1);
});
void main();
