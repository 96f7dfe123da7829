import { Command } from "commander";
import { KubernetesClient } from "../clients/kubernetes";
import { observeSecrets } from "./observations";
import { SecretRow, secretRows } from "./secretTable";
import { stackConfiguration } from "./stackConfiguration";
import { runCommand, runProgram, stackOption } from "./run";
import { Cell, formatTable } from "./table";

interface StatusOptions {
  stack: string;
  json?: boolean;
}

const program = new Command("status")
  .description("Shows every Secret of a stack: where it comes from, and whether it is in sync.")
  .addOption(stackOption("the Pulumi stack"))
  .option("--json", "print JSON for machines")
  .addHelpText(
    "after",
    `
Examples:
  npm run status -- --stack dev
  npm run status -- --stack prd --json

Exit codes: 0 everything is in sync or holds placeholders for no longer than vault.pendingSeconds,
1 something is not, or nothing is there, 2 wrong usage.`,
  )
  .action((options: StatusOptions) => runCommand(() => showStatus(options)));

async function showStatus(options: StatusOptions): Promise<number> {
  const { kubernetes, vault } = stackConfiguration(options.stack);
  const cluster = await KubernetesClient.load(kubernetes);
  const rows = secretRows(await observeSecrets(cluster, options.stack), Date.now());
  process.stdout.write(
    `${options.json ? JSON.stringify(rows, null, 2) : describeRows(rows, options.stack)}\n`,
  );
  return rows.length > 0 && rows.every((row) => isWell(row, vault?.pendingSeconds ?? 0)) ? 0 : 1;
}

/** Declared placeholders may stand for as long as the stack's configuration says. */
function isWell({ state, pendingSeconds }: SecretRow, longest: number): boolean {
  return state === "in sync" || (state === "placeholder" && (pendingSeconds ?? 0) <= longest);
}

function describeRows(rows: readonly SecretRow[], stack: string): string {
  if (rows.length === 0)
    return `stack ${stack} has no Secret in this cluster; run: pulumi up --stack ${stack}`;
  const header = ["APPLICATION", "NAMESPACE", "SECRET", "STORE", "STATE", "LAST SYNC", "REFRESH", "REASON"];
  const cells = rows.map((row): Cell[] => [
    row.application,
    row.namespace,
    row.secret,
    row.store,
    { text: row.state, colour: COLOURS[row.state] },
    describeAge(row),
    row.refresh,
    row.reason ?? "",
  ]);
  return formatTable(header, cells, process.stdout.isTTY);
}

const COLOURS = {
  "in sync": "green",
  waiting: "yellow",
  placeholder: "yellow",
  "not in sync": "red",
} as const satisfies Record<SecretRow["state"], string>;

/** Vault Secrets Operator does not tell when it read last. */
function describeAge({ ageSeconds, state }: SecretRow): string {
  if (ageSeconds !== undefined) return `${ageSeconds} s ago`;
  return state === "waiting" ? "never" : "";
}

void runProgram(program);
