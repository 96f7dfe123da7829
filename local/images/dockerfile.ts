import { readFile } from "node:fs/promises";

/** What the last stage of a Dockerfile says about how the image is run. */
export interface DockerfileSettings {
  workingFolder: string;
  environment: Readonly<Record<string, string>>;
  /** Numbers of user and group. */
  user: string;
  command: readonly string[];
}

/** Reads the settings of a Dockerfile. Throws when one is missing, or written in a form that is not understood. */
export async function dockerfileSettings(file: string): Promise<DockerfileSettings> {
  const instructions = lastStage(await readFile(file, "utf8"));
  const valueOf = (name: string, form: RegExp, wanted: string): string => {
    const values = instructions.filter((each) => each.name === name).map(({ value }) => value);
    const [value, another] = values;
    if (value !== undefined && another === undefined && form.test(value)) return value;
    const found = values.length === 0 ? "none" : values.join(" and ");
    throw new Error(`${file}: the last stage needs one ${name} of the form ${wanted}; found: ${found}`);
  };
  const environment = valueOf("ENV", /^(\w+=[^\s"'$]+\s*)+$/, "NAME=value NAME=value");
  const command = JSON.parse(valueOf("CMD", /^\[("[^"\\]*",? *)+\]$/, '["program", "argument"]')) as string[];
  return {
    workingFolder: valueOf("WORKDIR", /^\/[\w/-]*$/, "/folder"),
    environment: Object.fromEntries(environment.split(/\s+/).map((pair) => pair.split("=", 2))) as Record<
      string,
      string
    >,
    user: valueOf("USER", /^\d+:\d+$/, "65532:65532"),
    command,
  };
}

/** The instructions after the last FROM, continued lines joined. */
function lastStage(text: string): { name: string; value: string }[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  const instructions = lines.flatMap((line) => {
    const [, name, value] = /^([A-Z]+)\s+(.*\S)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ name, value }];
  });
  return instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM") + 1);
}
