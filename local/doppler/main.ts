import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { PLAN_NAMES, type PlanName } from "./access/rate-limits";
import { isServiceAccountKey } from "./access/tokens";
import { DEFAULT_SEED_FILE, startDopplerEmulator } from "./emulator";

/** Where the admin token comes from: never the command line, which every user of the machine can see. */
const ADMIN_TOKEN_VARIABLE = "DOPPLER_EMULATOR_TOKEN";

const EXAMPLES = `
Environment:
  ${ADMIN_TOKEN_VARIABLE}  key of the service account token that may do everything, needed:
                          dp.sa. and 40 to 44 letters and digits

Examples:
  listens on a free port of 127.0.0.1 with the example data:
    ts-node local/doppler/main.ts
  listens where pods reach it:
    ts-node local/doppler/main.ts --host 10.244.0.1 --port 8300
  with other data, and the limits of Doppler's smallest plan:
    ts-node local/doppler/main.ts --seed my-seed.yaml --plan developer

It prints one line with its address to the standard output when it listens, and one line of JSON per call to the
standard error. Its data is in memory: it is gone when the process ends.`;

interface Flags {
  host: string;
  port: number;
  seed: string;
  plan: PlanName | "none";
  uniqueTokenNames?: true;
}

/** Exit codes: 0 stopped by a signal or help, 1 could not start, 2 wrong flags or environment. */
async function main(): Promise<void> {
  const flags = readFlags();
  const adminToken = process.env[ADMIN_TOKEN_VARIABLE];
  if (adminToken === undefined || !isServiceAccountKey(adminToken)) {
    const found = adminToken === undefined ? "not set" : "not of the form of a service account token";
    fail(2, `${ADMIN_TOKEN_VARIABLE} is ${found}: set it to dp.sa. and 40 to 44 letters and digits`);
  }
  const emulator = await startDopplerEmulator({
    adminToken,
    host: flags.host,
    port: flags.port,
    seed: flags.seed,
    rateLimits: flags.plan,
    uniqueTokenNames: flags.uniqueTokenNames ?? false,
    log: (entry) => process.stderr.write(`${JSON.stringify(entry)}\n`),
  });
  process.stdout.write(`Doppler emulator listening on ${emulator.url}\n`);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      emulator.close().catch(failToRun);
    });
  }
}

function readFlags(): Flags {
  const command = new Command("doppler-emulator")
    .description("Emulates Doppler's API, for tests and for machines without a Doppler account.")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on, 0 for any free one", portOf, 0)
    .option("--seed <file>", "YAML file with what it starts with", DEFAULT_SEED_FILE)
    .addOption(
      new Option("--plan <name>", "whose rate limits apply").choices([...PLAN_NAMES, "none"]).default("team"),
    )
    .option("--unique-token-names", "refuse a second service token of the same name in a config")
    .allowExcessArguments(false)
    .addHelpText("after", EXAMPLES)
    .exitOverride();
  try {
    return command.parse().opts<Flags & Record<string, unknown>>();
  } catch (error) {
    // Commander has written its message already.
    process.exit(error instanceof CommanderError && error.exitCode === 0 ? 0 : 2);
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
  }
  return port;
}

function failToRun(error: unknown): never {
  fail(1, error instanceof Error ? error.message : String(error));
}

function fail(exitCode: number, message: string): never {
  process.stderr.write(`error: ${message}\n`);
  process.exit(exitCode);
}

main().catch(failToRun);
