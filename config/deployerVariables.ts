import { credentialKind } from "./credentials";
import { readEnvironmentFile } from "./environmentFile";
import type { Project } from "./loading";
import { Location } from "./location";
import { valueIn } from "./perEnvironment";
import type { Problem } from "./problem";
import { stackSource } from "./stackSource";
import { fillTemplate } from "./template";
import { secretVariableRemedy } from "./variableName";
import { declaredVariables } from "./variables";
import type { DeclaredVariable } from "./variables";

/** What the deployer's environment has of what a stack's applications ask for. */
export interface DeployerVariables {
  /** Values of the variables that are asked for, and of no others. */
  readonly values: ReadonlyMap<string, string>;
  /** Variables without a value, once for each place: an update cannot do without, a preview can. */
  readonly missing: readonly Problem[];
  /** What is wrong in an update and in a preview. */
  readonly problems: readonly Problem[];
  /** What people should know. */
  readonly warnings: readonly string[];
}

/** What people write where a value is to come, and how a message says it. */
const STAND_INS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^\$\{[^{}]*\}$/, what: "a template that nothing has filled in" },
  { pattern: /^change[-_ ]?me$/i, what: "`changeme`" },
];

/**
 * Reads the variables that the applications of the stack's own environment ask for: those of the process, and where
 * these have no value, those of the file that the stack's configuration names.
 *
 * @param variables the variables of the process
 * @param folder the project's folder
 */
export function readDeployerVariables(
  { configuration, applications }: Project,
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
): DeployerVariables {
  const { stack, environment, environmentFile } = configuration;
  const problems: Problem[] = [];
  const place = new Location(stackSource(stack, folder), problems, ["environmentFile"]);
  const file =
    environmentFile === undefined ? undefined : readEnvironmentFile(environmentFile, folder, place);
  const declared = declaredVariables(applications, environment);
  const found = (name: string): string | undefined => {
    const ofProcess = own(variables, name);
    return isBlank(ofProcess) ? (own(file?.values ?? {}, name) ?? ofProcess) : ofProcess;
  };
  const values = new Map<string, string>();
  const missing: Problem[] = [];
  const setIn = environmentFile === undefined ? "" : `, or in ${environmentFile}`;
  for (const { name, application, path } of declared) {
    const value = found(name);
    if (value !== undefined && !isBlank(value)) {
      values.set(name, value);
      const standIn = STAND_INS.find(({ pattern }) => pattern.test(value.trim()));
      if (standIn === undefined) continue;
      const location = new Location(application.source, problems, path);
      location.refuse(
        `the variable ${name}, whose value is still ${standIn.what}`,
        "its real value into the variable",
      );
    } else {
      new Location(application.source, missing, path).refuse(
        `the variable ${name}, which is ${value === undefined ? "not set" : "empty"}`,
        `its value into the variable: of the shell or the pipeline that runs \`pulumi up\`${setIn}`,
      );
    }
  }
  checkFilled(declared, environment, values, problems);
  const warnings = file?.isOpen
    ? [`${environmentFile ?? ""} can be read by others than its owner: chmod 600 ${environmentFile ?? ""}`]
    : [];
  // A file that cannot be read is the cause of what is missing.
  const unread = environmentFile !== undefined && file === undefined;
  return { values, missing: unread ? [] : missing, problems, warnings };
}

/** A ConfigMap is readable by many, so what looks like a credential is refused in it, wherever it comes from. */
function checkFilled(
  declared: readonly DeclaredVariable[],
  environment: string,
  values: ReadonlyMap<string, string>,
  problems: Problem[],
): void {
  for (const { key, application, path } of declared) {
    if (key === undefined || application.notSecret.includes(key)) continue;
    const text = application.config[key];
    const template = text && valueIn(text, environment);
    const filled = template && fillTemplate(template, (name) => values.get(name));
    const kind = filled && credentialKind(filled, key);
    if (!kind) continue;
    new Location(application.source, problems, path).refuse(
      `what looks like ${kind} once it is filled in`,
      secretVariableRemedy(key),
    );
  }
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === "";
}

function own(values: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
