import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, parseDocument } from "yaml";
import { parseStackConfiguration, StackConfiguration } from "../config/stack";

/** The folder of Pulumi.yaml. */
export const PROJECT_FOLDER = join(__dirname, "..");

interface ProjectFile {
  name: string;
  config?: Record<string, { default?: unknown } | undefined>;
}

/** Path of a stack's configuration file. @throws Error when the stack has none */
export function stackFile(stack: string, folder: string = PROJECT_FOLDER): string {
  const path = join(folder, `Pulumi.${stack}.yaml`);
  if (existsSync(path)) return path;
  throw new Error(
    `stack "${stack}" has no file Pulumi.${stack}.yaml in ${folder}; name one that has with --stack`,
  );
}

function projectFile(folder: string): ProjectFile {
  return parse(readFileSync(join(folder, "Pulumi.yaml"), "utf8")) as ProjectFile;
}

/** The values that every stack has where it sets none, as Pulumi.yaml gives them, without the project's prefix. */
export function projectValues(folder: string = PROJECT_FOLDER): Record<string, unknown> {
  return defaultValues(projectFile(folder));
}

function defaultValues({ config = {} }: ProjectFile): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      value?.default === undefined ? [] : [[key, value.default]],
    ),
  );
}

/** Every environment of the project. @throws Error when Pulumi.yaml lists none */
export function projectEnvironments(folder: string = PROJECT_FOLDER): readonly string[] {
  const { environments } = projectValues(folder);
  if (Array.isArray(environments) && environments.every((name) => typeof name === "string"))
    return environments;
  throw new Error(`Pulumi.yaml in ${folder} has no default of environments, a list of names`);
}

/** A stack's values as its file and the project's defaults give them, without the project's prefix. Encrypted ones are left out. */
export function stackFileValues(stack: string, folder: string = PROJECT_FOLDER): Record<string, unknown> {
  const project = projectFile(folder);
  const file = parse(readFileSync(stackFile(stack, folder), "utf8")) as {
    config?: Record<string, unknown>;
  } | null;
  const prefix = `${project.name}:`;
  const values = defaultValues(project);
  for (const [key, value] of Object.entries(file?.config ?? {})) {
    if (key.startsWith(prefix) && !isEncrypted(value)) values[key.slice(prefix.length)] = value;
  }
  return values;
}

/** A stack's checked configuration, read from its file. @throws ConfigurationError */
export function stackConfiguration(stack: string, folder: string = PROJECT_FOLDER): StackConfiguration {
  return parseStackConfiguration(stack, stackFileValues(stack, folder), `Pulumi.${stack}.yaml`);
}

/**
 * Raises the generation of a config's service token in the stack's file and keeps everything else of it, comments
 * too.
 * @returns the file's new text, and the new generation
 */
export function raisedGeneration(
  text: string,
  project: string,
  config: string,
  present: number,
): { text: string; generation: number } {
  const document = parseDocument(text);
  document.setIn(["config", `${project}:doppler`, "configs", config, "generation"], present + 1);
  return { text: document.toString({ lineWidth: 0 }), generation: present + 1 };
}

function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}
