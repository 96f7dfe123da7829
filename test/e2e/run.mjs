// Runs the end-to-end tests: brings up an embedded cluster of their own, runs the tests inside of it, and takes it
// away again, whatever their result. Arguments go to mocha, such as --grep rotates.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const start = join(folder, "..", "..", "local", "start.mjs");
const environment = {
  ...process.env,
  SECRETS_PLATFORM_INSTANCE: process.env.SECRETS_PLATFORM_INSTANCE ?? "e2e",
};

/** Runs a command with this terminal; its exit code. */
function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", env: environment });
  if (error) throw error;
  return status ?? 1;
}

const local = (...args) => run(process.execPath, [start, ...args]);

const chosen = process.argv.slice(2);
const mocha = [
  "mocha",
  ...["--config", join(folder, ".mocharc.json")],
  // A choice such as --grep leaves some of the folders without a test.
  ...(chosen.length > 0 ? ["--no-fail-zero", ...chosen] : []),
];

/** The engine alone, and what is done to whole platforms, are tested from outside; all else from inside of one. */
const outside = (spec) => run("npx", [...mocha, "--spec", spec]);

let code = outside("test/e2e/engine/**/*.test.ts");
code ||= local("up", "--only", "node");
// Documentation first: its stack is called dev too, and it removes it at its end.
for (const spec of ["test/e2e/docs/**/*.test.ts", "test/e2e/stack/**/*.test.ts"]) {
  code ||= local("exec", "--", ...mocha, "--spec", spec);
}
const ended = local("down", "--purge");
code ||= outside("test/e2e/local/**/*.test.ts");
process.exit(code || ended);
