import { NAMES, nameSchema } from "./names";

/** Variables that Pulumi and this program act with: their owner's rights are no application's. */
const OWN_VARIABLES = /^(?:DOPPLER_TOKEN|VAULT_TOKEN|PULUMI_.*)$/;

/** Why a variable is none of an application's; undefined when it may read it. */
export function variableRemedy(name: string): string | undefined {
  return OWN_VARIABLES.test(name)
    ? "another variable: with what is in this one, Pulumi itself logs in; no application gets that"
    : undefined;
}

/** What to write instead of a setting that variables make a credential of. */
export function secretVariableRemedy(key: string): string {
  return `a Secret \`from: environment\` with the variable under \`keys\`; if it is not secret: \`notSecret: [${key}]\``;
}

/** The name of a variable of the deployer's environment that an application may read. */
export const variableSchema = nameSchema(NAMES.environmentVariable, "the name of a variable").superRefine(
  (name, context) => {
    const remedy = variableRemedy(name);
    if (remedy !== undefined) context.addIssue({ code: "custom", message: remedy });
  },
);
