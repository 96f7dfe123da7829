import { z } from "zod";
import { describe } from "./description";
import { readDoppler } from "./dopplerReading";
import type { DopplerDraft } from "./dopplerReading";
import { readExternalSecrets } from "./externalSecretsReading";
import type { AllowedUse } from "./isolation";
import { Location } from "./location";
import type { Source } from "./location";
import { NAMES, nameSchema } from "./names";
import { DEFAULT_ENVIRONMENT } from "./perEnvironment";
import type { Problem } from "./problem";
import { issue, readObject, unknownName } from "./reading";
import type { ClusterConfiguration, StackConfiguration } from "./stack";
import { wholeNumber } from "./wholeNumber";

const DEFAULT_FOLDER = "apps";
const SYNCHRONIZATION_SECONDS = { default: 120, least: 10, most: 3600 };

const environmentName = nameSchema(NAMES.dopplerConfig, "the name of an environment").refine(
  (name) => name !== DEFAULT_ENVIRONMENT,
  { error: "another name: `default` stands for all environments that a map does not name" },
);

/** A list of environments, each once. */
function environmentList(error: string) {
  return z
    .array(environmentName, { error })
    .min(1, { error })
    .superRefine((names, context) => {
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        context.issues.push(
          issue([index], { found: "the same environment again", remedy: "every one once" }),
        );
      }
    });
}

const stackSchema = z.object({
  environment: environmentName.optional(),
  environments: environmentList(
    "every environment of the project, in Pulumi.yaml, such as [dev, staging, prd]",
  ),
  kubernetes: z.unknown(),
  cluster: z.unknown(),
  doppler: z.unknown(),
  externalSecrets: z.unknown(),
  applications: z
    .string({ error: "the folder of the application files, such as apps" })
    .regex(/^[^\0\n]+$/, { error: "the folder of the application files, such as apps" })
    .default(DEFAULT_FOLDER),
  synchronizationTimeoutSeconds: wholeNumber(
    SYNCHRONIZATION_SECONDS.least,
    SYNCHRONIZATION_SECONDS.most,
    "seconds",
  ).default(SYNCHRONIZATION_SECONDS.default),
  dopplerToken: z.undefined({
    error:
      "it encrypted, with `pulumi config set --secret dopplerToken`, and revoke this one if it was committed",
  }),
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
  environments: environmentList("the environments on this stack's cluster, such as [dev, prd]").optional(),
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
  const { environments, synchronizationTimeoutSeconds, applications = DEFAULT_FOLDER } = fields;
  const environment = invalid.has("environment") ? undefined : (fields.environment ?? stack);
  checkEnvironment(environment, fields.environment === undefined, environments, root.at("environment"));
  const { context, kubeconfig } = readObject(
    kubernetesSchema,
    fields.kubernetes,
    root.at("kubernetes"),
  ).fields;
  const cluster = readCluster(fields.cluster, root.at("cluster"), stack, environment, environments);
  const doppler = readDoppler(fields.doppler, root.at("doppler"), environment, environments ?? []);
  const externalSecrets = readExternalSecrets(fields.externalSecrets, root.at("externalSecrets"));

  const neighbours = onCluster(environment, environments, cluster);
  const uses = usesOf(environment, environments, doppler, neighbours, externalSecrets.namespace);
  const draft = { environments, applications, uses, onCluster: neighbours };
  if (root.mistakes > before || environment === undefined || environments === undefined) return draft;
  if (context === undefined || cluster === undefined || doppler.complete === undefined) return draft;
  if (externalSecrets.complete === undefined || synchronizationTimeoutSeconds === undefined) return draft;
  const complete: StackConfiguration = {
    stack,
    environment,
    environments,
    kubernetes: { context, ...(kubeconfig !== undefined && { kubeconfig }) },
    cluster,
    doppler: doppler.complete,
    externalSecrets: externalSecrets.complete,
    applications,
    synchronizationTimeoutSeconds,
  };
  return { ...draft, complete };
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

/** What each environment may use, as far as this stack knows: the names of configs tell enough of the others. */
function usesOf(
  own: string | undefined,
  environments: readonly string[] | undefined,
  { config, shared }: DopplerDraft,
  cluster: readonly string[],
  namespace: string | undefined,
): AllowedUse[] {
  if (environments === undefined || shared === undefined) return [];
  return environments.map((environment) => {
    const ownConfig = environment === own ? config : undefined;
    const operatorNamespace = cluster.includes(environment) ? namespace : undefined;
    return { environment, environments, ownConfig, shared, operatorNamespace };
  });
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
