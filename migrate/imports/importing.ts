/** What becomes of what was read: application files, what cannot be carried over, what people should know. Pure. */
import type { Application } from "../../config/application";
import { readApplication } from "../../config/applicationFile";
import { credentialKind } from "../../config/credentials";
import { standInKind } from "../../config/deployerVariables";
import type { Problem } from "../../config/problem";
import type { SourceName } from "../../config/secretOrigin";
import { checkUniqueness } from "../../config/uniqueness";
import { checkVariableUses } from "../../config/variables";
import { readYaml } from "../../config/yamlDocument";
import { applicationText, keysOf, metadataOf } from "./applicationText";
import { Group, groups } from "./grouping";
import { ImportedEnvironment, ImportedObject, objectsOf, titleOf } from "./importedObject";
import { remoteNames } from "./remoteNames";
import { configText, variablesIn, wholeVariable } from "./substitution";

/** What the files are to say. */
export interface ImportSettings {
  /** Name of the application. */
  readonly name: string;
  readonly source: SourceName;
  /** Environment -> namespace of what names none. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Settings that only look like credentials. */
  readonly notSecret: readonly string[];
  /** Every environment of the project. */
  readonly environments: readonly string[];
  /** What the files are made from, for their first line. */
  readonly origin: string;
}

/** The result of an import. */
export interface Import {
  readonly files: readonly { readonly file: string; readonly text: string }[];
  /** The files' content, empty where something is wrong with it. */
  readonly applications: readonly Application[];
  /** What cannot be carried over. Nothing is written while there is any. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
  /** What stays where it is. */
  readonly others: readonly string[];
}

/** Most that Linux lets one variable be, with its name. */
const LARGEST_VARIABLE_BYTES = 128 * 1024 - 1;

/** Makes application files of what the environments have. */
export function imported(environments: readonly ImportedEnvironment[], settings: ImportSettings): Import {
  const { name, source, namespaces, notSecret } = settings;
  const problems = environments.flatMap((environment) => [
    ...environment.problems,
    ...namespaceProblems(environment, namespaces),
    ...settingProblems(environment, notSecret),
    ...(source === "environment" ? variableProblems(environment) : []),
  ]);
  const found = groups(
    environments,
    name,
    (object, environment) => object.namespace ?? namespaces.get(environment),
  );
  const text = {
    ...settings,
    remoteName: remoteNames(environments, source),
    setting: settingText(environments),
  };
  const files = found.map((group) => ({
    file: `${group.application}.yaml`,
    text: applicationText(group, text, settings.origin),
  }));
  const unequal = found.flatMap(differentKeys);
  const loaded = problems.length + unequal.length > 0 ? undefined : load(files, settings.environments);
  return {
    files,
    applications: loaded?.applications ?? [],
    problems: [...new Set([...problems, ...unequal, ...(loaded?.problems ?? [])])],
    notes: [
      ...environments.flatMap(({ examples, notes }) => [...examples, ...notes]),
      ...environments.flatMap(templateNotes),
      ...(source === "environment" ? environments.flatMap(standInNotes) : []),
      ...found.flatMap(metadataNotes),
    ],
    others: [...new Set(environments.flatMap(({ others }) => others))],
  };
}

/** Reads the files as the platform will: nothing is written that it refuses. */
function load(
  files: Import["files"],
  environments: readonly string[],
): Pick<Import, "applications" | "problems"> {
  const problems: Problem[] = [];
  const drafts = files.map(({ file, text }) =>
    readApplication(readYaml(text, file, problems), environments, problems),
  );
  const applications = drafts.flatMap(({ complete }) => complete ?? []);
  checkUniqueness(drafts, problems);
  checkVariableUses(applications, problems);
  return {
    applications,
    problems: problems.map(({ file, path, found, remedy }) => `${file}: ${path}: ${found}; write ${remedy}`),
  };
}

function namespaceProblems(
  { environment, place, objects }: ImportedEnvironment,
  namespaces: ReadonlyMap<string, string>,
): string[] {
  if (namespaces.has(environment)) return [];
  const without = objects.filter(({ namespace }) => namespace === undefined).map(titleOf);
  if (without.length === 0) return [];
  return [`${place}: ${without.join(", ")}: no namespace; add --namespace ${environment}=<name>`];
}

function settingProblems(environment: ImportedEnvironment, notSecret: readonly string[]): string[] {
  const { place, exampleKeys } = environment;
  return objectsOf(environment, "ConfigMap").flatMap((object) =>
    [...object.values].flatMap(([key, text]) => {
      const kind = notSecret.includes(key) || exampleKeys.has(key) ? undefined : credentialKind(text, key);
      if (kind === undefined) return [];
      const remedy =
        `move it into a Secret there, or leave it out with --except ConfigMap/${object.name}/${key}; ` +
        `if it is not secret: --not-secret ${key}`;
      return [`${place}: ${titleOf(object)}: ${key}: what looks like ${kind}; ${remedy}`];
    }),
  );
}

/** A value that no variable can hold. */
function variableProblems(environment: ImportedEnvironment): string[] {
  return variableValues(environment).flatMap(({ object, key, text }) =>
    Buffer.byteLength(`${key}=${text}`) <= LARGEST_VARIABLE_BYTES
      ? []
      : [
          `${environment.place}: ${titleOf(object)}: ${key}: a value larger than a variable can be (128 KiB); use --to ` +
            `vault, or leave it out with --except Secret/${object.name}/${key}`,
        ],
  );
}

/** Values that an update refuses: the file is right, and what is in the pipeline has to be another one. */
function standInNotes(environment: ImportedEnvironment): string[] {
  return variableValues(environment).flatMap(({ object, key, text }) => {
    const flaw = text.trim() === "" ? "an empty value" : standInKind(text);
    return flaw === undefined
      ? []
      : [
          `${environment.place}: ${titleOf(object)}: ${key}: ${flaw}; an update needs a real one in the variable`,
        ];
  });
}

/** Values of Secrets that are no variables themselves. Values out of examples are none. */
function variableValues(
  environment: ImportedEnvironment,
): { object: ImportedObject; key: string; text: string }[] {
  if (environment.examples.length > 0) return [];
  return objectsOf(environment, "Secret").flatMap((object) =>
    [...object.values].flatMap(([key, text]) =>
      wholeVariable(text) === undefined ? [{ object, key, text }] : [],
    ),
  );
}

/** Kubernetes' ConfigMaps may differ in their keys; `config` has the same ones in every environment. */
function differentKeys({ configMap }: Group): string[] {
  if (configMap === undefined) return [];
  return keysOf(configMap).some.map((key) => {
    const having = [...configMap.byEnvironment]
      .filter(([, { values }]) => values.has(key))
      .map(([name]) => name);
    return (
      `${titleOf(configMap)}: ${key}: only in ${having.join(", ")}; give it a value in every environment, or leave it ` +
      `out with --except ConfigMap/${configMap.name}/${key}`
    );
  });
}

/** What is only in an example becomes a variable: the file that has the value is not there. */
function settingText(
  environments: readonly ImportedEnvironment[],
): (object: ImportedObject, key: string, environment: string) => string {
  const keys = new Map(environments.map(({ environment, exampleKeys }) => [environment, exampleKeys]));
  return ({ values }, key, environment) => {
    const text = values.get(key) ?? "";
    const isUnknown = keys.get(environment)?.has(key) === true && variablesIn(text).length === 0;
    return isUnknown && /^[A-Za-z_]\w*$/.test(key) ? `\${${key}}` : configText(text);
  };
}

function templateNotes({ place, objects }: ImportedEnvironment): string[] {
  return objects.flatMap((object) =>
    [...object.values].flatMap(([key, text]) => {
      const variables = variablesIn(text);
      const where = `${place}: ${titleOf(object)}: ${key}`;
      if (/\$\{(?![A-Za-z_][A-Za-z0-9_]*\})/.test(text))
        return [`${where}: has a \${ that begins no \${NAME}; it stays as text`];
      if (object.kind === "ConfigMap" || variables.length === 0 || wholeVariable(text) !== undefined)
        return [];
      return [`${where}: is put together from ${variables.join(", ")}; here its value is the whole text`];
    }),
  );
}

function metadataNotes({ secrets, configMap }: Group): string[] {
  const ofSecrets = secrets.flatMap((secret) =>
    (["labels", "annotations"] as const).flatMap((field) => {
      const { some } = metadataOf(secret, field);
      return some.length === 0
        ? []
        : [`${titleOf(secret)}: ${field} that only some environments have are left out: ${some.join(", ")}`];
    }),
  );
  const ofConfigMap = [...(configMap?.byEnvironment.values() ?? [])].flatMap(({ labels, annotations }) =>
    Object.keys({ ...labels, ...annotations }),
  );
  if (configMap === undefined || ofConfigMap.length === 0) return ofSecrets;
  const names = [...new Set(ofConfigMap)].join(", ");
  return [...ofSecrets, `${titleOf(configMap)}: labels and annotations are left out: ${names}`];
}
