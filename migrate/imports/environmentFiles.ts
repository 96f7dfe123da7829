/** Reads files of variables, `.env`, as one Secret and one ConfigMap of an application. */
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseEnv } from "node:util";
import { DEFAULT_TYPE } from "../../config/secretTypes";
import { exampleBeside } from "../kustomize/example";
import { Exceptions, ImportedEnvironment, ImportedObject } from "./importedObject";
import { variablesIn } from "./substitution";

/** What becomes of the variables in a file. */
export interface VariableUse {
  /** Names of the Secret and of the ConfigMap. */
  readonly secret: string;
  readonly configMap: string;
  /** Variables that are settings; all others are secret. */
  readonly settings: readonly string[];
  readonly exceptions: Exceptions;
}

/** @throws Error when neither the file nor its example can be read, or it is no text */
export function readEnvironmentVariables(
  file: string,
  environment: string,
  { secret, configMap, settings, exceptions }: VariableUse,
): ImportedEnvironment {
  const example = existsSync(file) ? undefined : exampleBeside(file);
  const variables = Object.entries(parseEnv(textIn(example ?? file)));
  const objectOf = (kind: ImportedObject["kind"], name: string): ImportedObject[] => {
    const isSetting = kind === "ConfigMap";
    const own = variables.flatMap(([key, text = ""]) =>
      settings.includes(key) === isSetting && !exceptions.has(`${kind}/${name}/${key}`)
        ? [[key, text] as const]
        : [],
    );
    if (own.length === 0) return [];
    const type = isSetting ? "" : DEFAULT_TYPE;
    return [{ kind, name, namespace: undefined, type, values: new Map(own), labels: {}, annotations: {} }];
  };
  const names = variables.map(([name]) => name);
  return {
    environment,
    place: file,
    objects: [...objectOf("Secret", secret), ...objectOf("ConfigMap", configMap)],
    examples: example === undefined ? [] : [`${file} is not there: names are those of ${basename(example)}`],
    exampleKeys: new Set(example === undefined ? [] : names),
    others: [],
    notes: [],
    problems: [
      ...(names.length === 0 ? [`${file}: no variables in it; write NAME=value in each line`] : []),
      ...settings
        .filter((name) => !names.includes(name))
        .map((name) => `${file}: has no ${name}, which --setting names`),
      ...variables.flatMap(([name, text = ""]) =>
        references(text, names).map((other) => innerProblem(file, name, other)),
      ),
    ],
  };
}

function references(text: string, names: readonly string[]): string[] {
  return variablesIn(text).filter((name) => names.includes(name));
}

function innerProblem(file: string, name: string, other: string): string {
  return `${file}: ${name}: refers to ${other} of the same file; write the whole value`;
}

function textIn(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
    throw new Error(
      `${file}: cannot be read (${reason}), and there is no ${basename(file)}.example beside it; name a file of variables in UTF-8`,
      {
        cause: error,
      },
    );
  }
}
