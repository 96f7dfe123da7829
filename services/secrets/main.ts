import { Log } from "./log";
import { startService } from "./service";
import { readSettings } from "./settings";

/** Exit codes: 0 ended by a signal, 1 could not start or failed, 2 mistakes in the environment. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = new Log(settings.logLevel);
  // A stack trace has no values, but may have paths: the message is enough.
  process.on("uncaughtException", (error) => {
    log.error("the service failed", { reason: error.message });
    log.close();
    process.exit(1);
  });
  const service = await startService(settings, log);
  let isEnding = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      // A second signal ends it at once.
      if (isEnding) process.exit(1);
      isEnding = true;
      service.stop().then(() => process.exit(0), failToRun);
    });
  }
}

function failToRun(error: unknown): never {
  const { name, message } = error as Error;
  process.stderr.write(`error: ${message}\n`);
  process.exit(name === "MistakesError" ? 2 : 1);
}

main().catch(failToRun);
