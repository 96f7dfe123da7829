import { run } from "../../../local/process/run";
import { Help, mistakeInCall, parseHelp } from "../../unit/docs/help";

/** What is wrong with a call of pulumi, kubectl, doppler or bao, as the program itself tells; undefined: nothing. */
export async function publishedMistake(words: readonly string[]): Promise<string | undefined> {
  const [program = "", ...rest] = words;
  const firstFlag = rest.findIndex((word) => word.startsWith("-"));
  const subcommand = firstFlag < 0 ? rest : rest.slice(0, firstFlag);
  return mistakeInCall(await helpOf(program, subcommand), [program], rest);
}

async function helpOf(program: string, subcommand: readonly string[]): Promise<Help> {
  const help = parseHelp(await printed(program, [...subcommand, "--help"]));
  if (program !== "kubectl") return help;
  // It lists the flags of all its commands elsewhere.
  const { flags } = parseHelp(await printed(program, ["options"]));
  return { usage: help.usage, flags: new Map([...flags, ...help.flags]) };
}

async function printed(program: string, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(program, words, { timeout: 30_000 });
  if (code === 0) return stdout;
  throw new Error(`${program} ${words.join(" ")}: exit code ${code}: ${stderr}`);
}
