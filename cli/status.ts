import { Command } from "commander";
import { KubernetesClient } from "../clients/kubernetes";
import { MANAGED_BY, MANAGED_BY_LABEL, STACK_LABEL } from "../components/identity";
import { ExternalSecretBody } from "../provider/resources/syncStatus";
import { SecretRow, secretRows } from "./secretTable";
import { clusterOfStack } from "./stackConfiguration";
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

Exit codes: 0 everything is in sync, 1 something is not, or nothing is there, 2 wrong usage.`,
  )
  .action((options: StatusOptions) => runCommand(() => showStatus(options)));

async function showStatus(options: StatusOptions): Promise<number> {
  const cluster = await KubernetesClient.load(clusterOfStack(options.stack));
  const objects = await cluster.list<ExternalSecretBody>("/apis/external-secrets.io/v1/externalsecrets", {
    labelSelector: `${MANAGED_BY_LABEL}=${MANAGED_BY},${STACK_LABEL}=${options.stack}`,
  });
  const rows = secretRows(objects, Date.now());
  process.stdout.write(
    `${options.json ? JSON.stringify(rows, null, 2) : describeRows(rows, options.stack)}\n`,
  );
  return rows.length > 0 && rows.every((row) => row.state === "in sync") ? 0 : 1;
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
    {
      text: row.state,
      colour: row.state === "in sync" ? "green" : row.state === "waiting" ? "yellow" : "red",
    },
    row.ageSeconds === undefined ? "never" : `${row.ageSeconds} s ago`,
    row.refresh,
    row.reason ?? "",
  ]);
  return formatTable(header, cells, process.stdout.isTTY);
}

void runProgram(program);
