import * as pulumi from "@pulumi/pulumi";
import { readDeployerVariables } from "../config/deployerVariables";
import type { Project } from "../config/loading";
import { ConfigurationError } from "../config/problem";
import type { Problem } from "../config/problem";
import { fillTemplate } from "../config/template";

/** Values that applications get from the environment of whoever runs Pulumi. */
export class DeployerEnvironment {
  /** @param values variable -> value, of the variables that applications ask for; those without one are unknown */
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  /** A variable's value, for a Secret. */
  secret(variable: string): pulumi.Output<string> {
    return pulumi.secret(this.values.get(variable) ?? unknownText());
  }

  /** A text with the variables' values in it, none of them secret. */
  text(template: string): pulumi.Input<string> {
    return fillTemplate(template, (variable) => this.values.get(variable)) ?? unknownText();
  }
}

/** What a preview does not know: the engine shows that it is to come. */
function unknownText(): pulumi.Output<string> {
  return pulumi.output(pulumi.unknown as unknown as string);
}

/**
 * Reads and checks what the stack's applications ask for. In a preview, what has no value is warned of, and unknown.
 *
 * @param folder the project's folder
 * @throws ConfigurationError with every variable that is missing, empty or still a stand-in
 */
export async function deployerEnvironment(project: Project, folder: string): Promise<DeployerEnvironment> {
  const { values, missing, problems, warnings } = readDeployerVariables(project, process.env, folder);
  const refused = pulumi.runtime.isDryRun() ? problems : [...problems, ...missing];
  if (refused.length > 0) throw new ConfigurationError(refused);
  for (const warning of warnings) await pulumi.log.warn(warning);
  if (missing.length > 0) await pulumi.log.warn(missingText(missing));
  return new DeployerEnvironment(values);
}

function missingText(missing: readonly Problem[]): string {
  const lines = missing.map(
    ({ file, line, column, path, found }) => `  ${file}:${line ?? 1}:${column ?? 1}  ${path}: ${found}`,
  );
  return `pulumi up would fail, since values are missing. This preview does without them:\n${lines.join("\n")}`;
}
