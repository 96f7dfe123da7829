/** Which variables of the deployer's environment applications ask for, and where. Pure. */
import type { Application } from "./application";
import { Location } from "./location";
import type { Path } from "./location";
import { pathIn, valueIn } from "./perEnvironment";
import type { Problem } from "./problem";
import { valueAt } from "./reading";
import { templateVariables } from "./template";

/** A place where an application asks for a variable. */
export interface DeclaredVariable {
  readonly name: string;
  /** Whether it fills a Secret, or `${NAME}` in what is not secret. */
  readonly use: "secret" | "config";
  readonly application: Application;
  /** The key in the ConfigMap. Undefined: it fills a Secret. */
  readonly key?: string;
  /** Where the application's file names it. */
  readonly path: Path;
}

/** Every variable that the applications of an environment ask for, once for each place. */
export function declaredVariables(
  applications: readonly Application[],
  environment: string,
): DeclaredVariable[] {
  return applications
    .filter(({ environments }) => environments.includes(environment))
    .flatMap((application) => [
      ...secretVariables(application, environment),
      ...configVariables(application, environment),
    ]);
}

function secretVariables(application: Application, environment: string): DeclaredVariable[] {
  return application.secrets.flatMap((secret) => {
    if (secret.source !== "environment") return [];
    const path: Path = [...secret.path, "keys", ...pathIn(secret.keys, environment)];
    const written = valueAt(application.source.content, path);
    return Object.entries(valueIn(secret.keys, environment) ?? {}).map(([key, name]) => ({
      name,
      use: "secret" as const,
      application,
      path: [...path, Array.isArray(written) ? written.indexOf(name) : key],
    }));
  });
}

function configVariables(application: Application, environment: string): DeclaredVariable[] {
  return Object.entries(application.config).flatMap(([key, text]) =>
    templateVariables(valueIn(text, environment) ?? "").map((name) => ({
      name,
      use: "config" as const,
      application,
      key,
      path: ["config", key, ...pathIn(text, environment)],
    })),
  );
}

/** Refuses variables in what is not secret that are in a Secret too, of whichever application. */
export function checkVariableUses(applications: readonly Application[], problems: Problem[]): void {
  for (const environment of new Set(applications.flatMap(({ environments }) => environments))) {
    const variables = declaredVariables(applications, environment);
    const secret = new Map(
      variables.filter(({ use }) => use === "secret").map((variable) => [variable.name, variable]),
    );
    for (const { name, key, application, path } of variables) {
      const first = secret.get(name);
      if (key === undefined || first === undefined || application.notSecret.includes(key)) continue;
      const place = new Location(first.application.source, problems, first.path);
      new Location(application.source, problems, path).refuse(
        `\${${name}} in what is not secret, though ${String(place)} has it in a Secret`,
        `nothing here, or another variable; if it is not secret: \`notSecret: [${key}]\``,
      );
    }
  }
}
