/** The report of an import for people: names alone, no value of a Secret. Pure. */
import { askedVariables } from "../../config/environmentExample";
import { resolveApplication } from "../../config/application";
import { Import } from "./importing";
import { Uploaded } from "./upload";

/** The columns of {@link importRows}. */
export const IMPORT_COLUMNS = ["ENVIRONMENT", "NAMESPACE", "OBJECT", "KEY", "FROM"];

/** A variable that whoever runs `pulumi up` must have. */
export interface NeededVariable {
  readonly environment: string;
  readonly name: string;
  readonly secret: boolean;
}

/** A row for each key of each Secret and ConfigMap, by environment. */
export function importRows({ applications }: Import): string[][] {
  return applications
    .flatMap((application) =>
      application.environments.flatMap((environment) => {
        const { namespace, secrets, configMap, config } = resolveApplication(
          application,
          environment,
          environment,
        );
        const ofSecrets = secrets.flatMap(({ name, source, keys, ...secret }) =>
          Object.entries(keys ?? {}).map(([key, remote]) => {
            const place = "path" in secret ? `${source} ${secret.path}` : source;
            return [environment, namespace, `Secret ${name}`, key, `${place} ${remote}`];
          }),
        );
        const ofConfigMap = Object.keys(config).map((key) => [
          ...[environment, namespace, `ConfigMap ${configMap ?? ""}`, key],
          "the file",
        ]);
        return [...ofSecrets, ...ofConfigMap];
      }),
    )
    .sort(([one = ""], [other = ""]) => (one === other ? 0 : one < other ? -1 : 1));
}

/** The variables of every environment that the applications ask for. */
export function neededVariables({ applications }: Import): NeededVariable[] {
  const environments = [...new Set(applications.flatMap((application) => application.environments))];
  return environments.flatMap((environment) =>
    askedVariables(applications, environment).map(({ name, use }) => ({
      environment,
      name,
      secret: use === "secret",
    })),
  );
}

/**
 * @param table what was found, by environment
 * @param written files that were written. Undefined: nobody asked for it
 */
export function describeImport(found: Import, table: string, written: readonly string[] | undefined): string {
  const variables = neededVariables(found);
  const environments = [...new Set(variables.map(({ environment }) => environment))];
  return [
    ...section("Cannot be carried over:", found.problems),
    ...(found.problems.length > 0 ? ["", "Nothing was written."] : [table]),
    ...section("Know:", found.notes),
    ...section("Stays where it is:", found.others),
    ...(found.problems.length > 0
      ? []
      : found.files.flatMap(({ file, text }) => section(`--- ${file}`, text.trimEnd().split("\n")))),
    ...environments.flatMap((environment) =>
      section(
        `Variables that \`pulumi up\` needs for ${environment}:`,
        variables
          .filter((variable) => variable.environment === environment)
          .map(({ name, secret }) => `${name}${secret ? "" : " (not secret)"}`),
      ),
    ),
    ...section("Written:", written ?? []),
  ]
    .join("\n")
    .trimStart();
}

/** What was uploaded to which place. */
export function describeUploads(uploads: readonly Uploaded[]): string {
  const lines = uploads.flatMap(({ place, written, unchanged }) => [
    ...(written.length === 0 ? [] : [`${place}: written: ${written.join(", ")}`]),
    ...(unchanged.length === 0 ? [] : [`${place}: the same already: ${unchanged.join(", ")}`]),
  ]);
  return lines.length === 0 ? "There is nothing to upload." : lines.join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`.trimEnd())];
}
