import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";
import { Help, mistakeInCall, parseHelp } from "./help";

/** Commands of npm itself that the documentation may name. */
const NPM_COMMANDS = new Set(["ci", "cit", "install", "test"]);

/** Keeps npm from printing what it runs. */
const SILENT = new Set(["-s", "--silent"]);

/** Programs that come with every system. */
const SYSTEM_PROGRAMS = new Set([
  "base64",
  "cat",
  "cd",
  "chmod",
  "cp",
  "date",
  "echo",
  "eval",
  "export",
  "git",
  "grep",
  "printf",
  "read",
  "unset",
]);

/** Programs that others publish, whose calls are compared with their own help where they are at hand. */
export const PUBLISHED_PROGRAMS = new Set(["bao", "doppler", "kubectl", "pulumi"]);

/** The scripts that tell their flags. Others take none, or hand them to mocha. */
const OWN_COMMAND = /^node (?:local\/start\.mjs|-r ts-node\/register\/transpile-only cli\/\w+\.ts)(?: |$)/;
const MOCHA = /^(?:mocha |node test\/e2e\/run\.mjs$)/;

const { scripts } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};
const helps = new Map<string, Help>();

/** What is wrong with a command of the documentation, as far as this project can tell; undefined: nothing. */
export function mistakeInCommand(words: readonly string[]): string | undefined {
  const [program = "", ...rest] = words;
  if (SYSTEM_PROGRAMS.has(program) || PUBLISHED_PROGRAMS.has(program)) return undefined;
  if (program === "npm") return mistakeInNpm(rest);
  if (program === "npx") return mistakeInCommand(rest);
  if (program === "mocha") return mistakeInMocha(rest);
  // Stands for whatever people put there.
  if (/^[A-Z]+$/.test(program)) return undefined;
  return `nobody knows the program ${program}`;
}

/** What is wrong with the name of a command of npm, or of a script that it runs; undefined: nothing. */
export function mistakeInScriptName(words: readonly string[]): string | undefined {
  const [, command = "", name = ""] = words.filter((word) => !SILENT.has(word));
  if (NPM_COMMANDS.has(command)) return undefined;
  if (command !== "run") return `npm ${command} is none of ${[...NPM_COMMANDS, "run"].join(", ")}`;
  if (name in scripts) return undefined;
  return `there is no script ${name}; there are ${Object.keys(scripts).join(", ")}`;
}

function mistakeInNpm(words: readonly string[]): string | undefined {
  const mistake = mistakeInScriptName(["npm", ...words]);
  if (mistake !== undefined) return mistake;
  const [command = "", ...rest] = words.filter((word) => !SILENT.has(word));
  if (command !== "run") return rest.length === 0 ? undefined : `npm ${command} takes no arguments here`;
  const [name = "", separator, ...passed] = rest;
  if (separator !== undefined && separator !== "--") return `npm keeps ${separator}: write -- before it`;
  return mistakeInScript(scripts[name] ?? "", passed);
}

function mistakeInScript(script: string, passed: readonly string[]): string | undefined {
  if (script.endsWith(" --")) return mistakeInCommand(passed);
  if (OWN_COMMAND.test(script)) {
    const help = helpOf(script);
    // A subcommand of the embedded platform has the name of its program before it.
    const program = help.usage.split(/ (?=[[<])/, 1);
    return mistakeInCall(help, program.join(" ").split(" "), passed);
  }
  if (MOCHA.test(script)) return mistakeInMocha(passed);
  return passed.length === 0 ? undefined : "the script takes no arguments";
}

function mistakeInMocha(words: readonly string[]): string | undefined {
  const missing = words.filter(
    (word) => /\.(?:ts|json)$/.test(word) && !existsSync(join(PROJECT_FOLDER, word)),
  );
  if (missing.length > 0) return `there is no ${missing.join(", no ")}`;
  return mistakeInCall(helpOf("mocha"), ["mocha"], words);
}

/** Asks a program once for its help. */
function helpOf(commandLine: string): Help {
  const known = helps.get(commandLine);
  if (known !== undefined) return known;
  const [program = "", ...words] = commandLine.split(" ");
  const { status, stdout, stderr } = spawnSync(
    join(PROJECT_FOLDER, "node_modules", ".bin", program),
    [...words, "--help"],
    { cwd: PROJECT_FOLDER, encoding: "utf8", timeout: 60_000 },
  );
  if (status !== 0) throw new Error(`${commandLine} --help: exit code ${status ?? "none"}: ${stderr}`);
  const help = parseHelp(stdout);
  helps.set(commandLine, help);
  return help;
}
