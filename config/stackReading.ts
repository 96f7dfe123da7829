import { z } from "zod";
import { EXTERNAL_SECRETS_CHART, VAULT_SECRETS_OPERATOR_CHART, readChart } from "./chartReading";
import { describe } from "./description";
import { readDoppler } from "./dopplerReading";
import type { AllowedUse, VaultUse } from "./isolation";
import { Location } from "./location";
import type { Source } from "./location";
import { NAMES, nameSchema } from "./names";
import { DEFAULT_ENVIRONMENT } from "./perEnvironment";
import type { Problem } from "./problem";
import { issue, readObject, unknownName } from "./reading";
import type { ClusterConfiguration, StackConfiguration } from "./stack";
import { uniqueList } from "./uniqueList";
import { readVault } from "./vaultReading";
import { wholeNumber } from "./wholeNumber";

/** Folder of the application files where the configuration names none. */
export const DEFAULT_FOLDER = "apps";
const SECOND_ENVIRONMENT = { found: "the same environment again", remedy: "every one once" };
const SYNCHRONIZATION_SECONDS = { default: 120, least: 10, most: 3600 };

const environmentName = nameSchema(NAMES.dopplerConfig, "the name of an environment").refine(
  (name) => name !== DEFAULT_ENVIRONMENT,
  { error: "another name: `default` stands for all environments that a map does not name" },
);

/** A token that the program reads by itself; here it stands only when it is in plain text. */
function encryptedOnly(key: string) {
  const error = `it encrypted, with \`pulumi config set --secret ${key}\`, and revoke this one if it was committed`;
  return z.undefined({ error });
}

const FILE_REMEDY = "the path of a file of variables, such as .env.dev";

/** What is no path may be the file's content, whose values are not shown. */
const environmentFileSchema = z.string({ error: FILE_REMEDY }).superRefine((text, context) => {
  if (/^[^\0\n=]+$/.test(text)) return;
  const found = text === "" ? "an empty text" : "a text that is no path";
  context.issues.push(issue([], { found, remedy: `${FILE_REMEDY}, not what is in it` }));
});

const stackSchema = z.object({
  environment: environmentName.optional(),
  environments: uniqueList(
    environmentName,
    "every environment of the project, in Pulumi.yaml, such as [dev, staging, prd]",
    SECOND_ENVIRONMENT,
  ),
  kubernetes: z.unknown(),
  cluster: z.unknown(),
  doppler: z.unknown(),
  externalSecrets: z.unknown(),
  vault: z.unknown(),
  vaultSecretsOperator: z.unknown(),
  applications: z
    .string({ error: "the folder of the application files, such as apps" })
    .regex(/^[^\0\n]+$/, { error: "the folder of the application files, such as apps" })
    .default(DEFAULT_FOLDER),
  environmentFile: environmentFileSchema.optional(),
  synchronizationTimeoutSeconds: wholeNumber(
    SYNCHRONIZATION_SECONDS.least,
    SYNCHRONIZATION_SECONDS.most,
    "seconds",
  ).default(SYNCHRONIZATION_SECONDS.default),
  dopplerToken: encryptedOnly("dopplerToken"),
  vaultToken: encryptedOnly("vaultToken"),
});

const kubernetesSchema = z.object({
  context: z
    .string({ error: "the name of a context in the kubeconfig, as `kubectl config get-contexts` lists them" })
    .regex(/^\S.*$/, { error: "the name of a context in the kubeconfig" }),
  kubeconfig: z
    .string({ error: "the path of a kubeconfig" })
    .regex(/^[^\0\n]+$/, { error: "the path of a kubeconfig, not what is in it" })
    .optional(),
});

const clusterSchema = z.object({
  environments: uniqueList(
    environmentName,
    "the environments on this stack's cluster, such as [dev, prd]",
    SECOND_ENVIRONMENT,
  ).optional(),
  owner: nameSchema(NAMES.stack, "the stack that owns the cluster's operators").optional(),
});

/** What could be read of a stack's configuration; the whole of it when nothing is wrong. */
export interface StackDraft {
  readonly complete?: StackConfiguration | undefined;
  readonly environments: readonly string[] | undefined;
  /** Folder of the application files. */
  readonly applications: string;
  /** What the applications of each environment may use. */
  readonly uses: readonly AllowedUse[];
  /** Paths in Vault that applications are granted. */
  readonly grants: VaultUse["grants"];
  /** Environments that are known to be on the stack's cluster. */
  readonly onCluster: readonly string[];
}

/** Reads a stack's configuration, adding every mistake in it to `problems`. */
export function readStack(
  stack: string,
  values: Record<string, unknown>,
  source: Source,
  problems: Problem[],
): StackDraft {
  const root = new Location(source, problems);
  const before = root.mistakes;
  const { fields, invalid } = readObject(stackSchema, values, root);
  const { environments, environmentFile, synchronizationTimeoutSeconds } = fields;
  const { applications = DEFAULT_FOLDER } = fields;
  const environment = invalid.has("environment") ? undefined : (fields.environment ?? stack);
  checkEnvironment(environment, fields.environment === undefined, environments, root.at("environment"));
  const { context, kubeconfig } = readObject(
    kubernetesSchema,
    fields.kubernetes,
    root.at("kubernetes"),
  ).fields;
  const cluster = readCluster(fields.cluster, root.at("cluster"), stack, environment, environments);
  const doppler = readDoppler(fields.doppler, root.at("doppler"), environment, environments ?? []);
  const externalSecrets = readChart(
    fields.externalSecrets,
    root.at("externalSecrets"),
    EXTERNAL_SECRETS_CHART,
  );
  const vault = fields.vault === undefined ? undefined : readVault(fields.vault, root.at("vault"));
  const operatorPlace = root.at("vaultSecretsOperator");
  const vaultOperator = readChart(fields.vaultSecretsOperator, operatorPlace, VAULT_SECRETS_OPERATOR_CHART);
  checkNamespaces(externalSecrets.namespace, vaultOperator.namespace, operatorPlace.at("namespace"));

  const neighbours = onCluster(environment, environments, cluster);
  const grants = vault?.grants;
  const uses = (environments ?? []).map((name): AllowedUse => {
    const isOwn = name === environment;
    const isNear = neighbours.includes(name);
    return {
      environment: name,
      environments: environments ?? [],
      ownConfig: isOwn ? doppler.config : undefined,
      shared: doppler.shared,
      operatorNamespace: isNear ? externalSecrets.namespace : undefined,
      vaultOperatorNamespace: isNear ? vaultOperator.namespace : undefined,
      // Grants that could not be read tell nothing of what is allowed.
      vault: isOwn && (vault === undefined || grants !== undefined) ? { stack, grants } : undefined,
    };
  });
  const draft = { environments, applications, uses, grants, onCluster: neighbours };
  if (root.mistakes > before || environment === undefined || environments === undefined) return draft;
  if (context === undefined || cluster === undefined || doppler.complete === undefined) return draft;
  if (externalSecrets.complete === undefined || synchronizationTimeoutSeconds === undefined) return draft;
  if (vaultOperator.complete === undefined) return draft;
  const complete: StackConfiguration = {
    stack,
    environment,
    environments,
    kubernetes: { context, ...(kubeconfig !== undefined && { kubeconfig }) },
    cluster,
    doppler: doppler.complete,
    externalSecrets: externalSecrets.complete,
    ...(vault?.complete && { vault: vault.complete }),
    vaultSecretsOperator: vaultOperator.complete,
    applications,
    ...(environmentFile !== undefined && { environmentFile }),
    synchronizationTimeoutSeconds,
  };
  return { ...draft, complete };
}

/** Each operator owns its namespace: it is made and removed with it. */
function checkNamespaces(first: string | undefined, second: string | undefined, location: Location): void {
  if (first === undefined || first !== second) return;
  location.refuse(
    `${JSON.stringify(second)}, the namespace of External Secrets Operator`,
    "another namespace",
  );
}

function checkEnvironment(
  environment: string | undefined,
  isStackName: boolean,
  environments: readonly string[] | undefined,
  location: Location,
): void {
  if (environment === undefined || environments === undefined || environments.includes(environment)) return;
  const name = JSON.stringify(environment);
  const found = isStackName ? `nothing, and the stack's name ${name} is no environment` : name;
  location.refuse(
    found,
    `${unknownName(environment, environments)}; Pulumi.yaml lists them in \`environments\``,
  );
}

/** @returns undefined when something is wrong */
function readCluster(
  value: unknown,
  location: Location,
  stack: string,
  environment: string | undefined,
  known: readonly string[] | undefined,
): ClusterConfiguration | undefined {
  const before = location.mistakes;
  const { environments, owner } = readObject(clusterSchema, value ?? {}, location).fields;
  if (environments !== undefined && owner !== undefined) {
    location.refuse(
      "both `environments` and `owner`",
      "`environments` on the stack that owns the cluster, `owner` on the others",
    );
  }
  if (owner === stack) {
    location
      .at("owner")
      .refuse("the stack itself", "`environments` in place of `owner`: this stack is the owner");
  }
  for (const [index, name] of (environments ?? []).entries()) {
    if (known?.includes(name) === false)
      location.at("environments", index).refuse(describe(name), unknownName(name, known));
  }
  if (environment !== undefined && environments?.includes(environment) === false) {
    location
      .at("environments")
      .refuse(`a list without ${environment}, the stack's own`, `${environment} in the list too`);
  }
  if (location.mistakes > before || environment === undefined) return undefined;
  if (owner !== undefined) return { owner, owns: false, environments: [] };
  return { owner: stack, owns: true, environments: environments ?? [environment] };
}

/** The environments that share the stack's cluster, as far as it knows them. */
function onCluster(
  environment: string | undefined,
  environments: readonly string[] | undefined,
  cluster: ClusterConfiguration | undefined,
): string[] {
  if (environment === undefined) return [];
  if (cluster === undefined) return [environment];
  // A stack that does not own the cluster knows one other environment, where the owner is named after it.
  const others = cluster.owns
    ? cluster.environments
    : (environments ?? []).filter((name) => name === cluster.owner);
  return [...new Set([...others, environment])];
}
