// The door to the embedded platform, for any Node from 18 on: installs the project's packages when they are
// missing, and goes on with the Node and the TypeScript that are among them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const executables = join(checkout, "node_modules", ".bin");

/** Runs a command with this terminal, and gives its exit code. */
function run(command, commandArguments, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, { stdio: "inherit", ...options });
    // The terminal sends signals to the child as well; this process only waits for it.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("error", reject);
    child.on("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

if (!existsSync(join(executables, "node")) || !existsSync(join(executables, "tsc"))) {
  process.stderr.write("Installing the project's packages first: npm ci\n");
  const code = await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: checkout });
  if (code !== 0) {
    process.stderr.write("error: npm ci failed; its reason is above\n");
    process.exit(1);
  }
}

process.exitCode = await run(
  join(executables, "node"),
  [
    join(checkout, "provider", "typescript.cjs"),
    join(checkout, "local", "main.ts"),
    ...process.argv.slice(2),
  ],
  {
    env: {
      ...process.env,
      PATH: `${executables}${delimiter}${process.env.PATH ?? ""}`,
    },
  },
);
