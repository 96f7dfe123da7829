/** Takes secrets out of what is shown: a last guard behind Pulumi's own. */
import { loadApplications } from "../config/loading";
import { askedVariables } from "../config/environmentExample";
import { projectEnvironments, projectValues, stackFileValues } from "../cli/stackConfiguration";

/** Variables that Pulumi itself, the cluster and GitHub are logged in to with. */
const CREDENTIALS = [
  "DOPPLER_TOKEN",
  "VAULT_TOKEN",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
  "GITHUB_TOKEN",
  "KUBECONFIG_CONTENT",
];

/** Shorter lines of a value would take ordinary words out of the output. */
const SHORTEST = 8;

/** Variables that hold secrets of a stack: the credentials, and what its applications' Secrets are filled with. */
export function secretVariables(stack: string, folder: string): string[] {
  try {
    const environments = projectEnvironments(folder);
    const { applications: files } = projectValues(folder);
    const values = stackFileValues(stack, folder);
    const own = values["applications"] ?? files;
    const applications = loadApplications(typeof own === "string" ? own : "apps", environments, folder);
    const environment = typeof values["environment"] === "string" ? values["environment"] : stack;
    const asked = askedVariables(applications, environment).filter(({ use }) => use === "secret");
    return [...CREDENTIALS, ...asked.map(({ name }) => name)];
  } catch {
    // The program refuses such files as well, before it reads any variable.
    return CREDENTIALS;
  }
}

/** A text with the values of variables taken out, line by line and as Kubernetes writes them. */
export function redacted(
  text: string,
  names: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): string {
  return names
    .flatMap((name) => {
      const value = variables[name] ?? "";
      const encoded = value === "" ? "" : Buffer.from(value).toString("base64");
      return [encoded, ...value.split("\n")].map((part) => ({ name, part: part.trim() }));
    })
    .filter(({ part }) => part.length >= SHORTEST)
    .sort((one, other) => other.part.length - one.part.length)
    .reduce((result, { name, part }) => result.replaceAll(part, `[${name}]`), text);
}
