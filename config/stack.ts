import { settingsOf } from "./dopplerReading";
import { ConfigurationError } from "./problem";
import type { Problem } from "./problem";
import { readStack } from "./stackReading";

/** How the token Secret and the store of one Doppler config are called, and how often its token was rotated. */
export interface DopplerConfigSettings {
  /** The Secret, in the operator's namespace, that holds the service token, and the key inside it. */
  readonly tokenSecret: { readonly name: string; readonly key: string };
  /** Name of the ClusterSecretStore. */
  readonly store: string;
  /** Raised by one to rotate the service token. From 1. */
  readonly generation: number;
}

/** Rate limits differ by Doppler plan. */
export type DopplerPlan = "developer" | "team" | "enterprise";

/** Where Doppler is and which of its configs the stack uses. */
export interface DopplerConfiguration {
  /** The Doppler project. */
  readonly project: string;
  /** Address of Doppler's API without a trailing slash. Default: `https://api.doppler.com`. */
  readonly host: string;
  /** The environment's own config. Default: the environment's name. */
  readonly config: string;
  /** Configs that several environments may use. Default: `["shared"]`. */
  readonly shared: readonly string[];
  /** Settings by config, only those that were set; {@link dopplerConfigSettings} fills in the defaults. */
  readonly configs: Readonly<Record<string, DopplerConfigSettings>>;
  /** Doppler plan, for the API budget. Omitted: unknown. */
  readonly plan?: DopplerPlan;
}

/** Who owns what exists once per cluster: operators, CRDs, stores of shared configs. */
export interface ClusterConfiguration {
  /** Name of the owning stack. */
  readonly owner: string;
  /** Whether this stack is the owner. */
  readonly owns: boolean;
  /** Environments that the owner serves, its own among them. On a stack that does not own: empty. */
  readonly environments: readonly string[];
}

/** The Helm chart of External Secrets Operator. */
export interface ExternalSecretsConfiguration {
  /** Version of the chart. */
  readonly version: string;
  /** Name in the repository, `oci://` address or path of the chart. */
  readonly chart: string;
  /** Address of the chart repository. Omitted for a path and an `oci://` address. */
  readonly repository?: string;
  /** Namespace of the operator and of the token Secrets. Default: `external-secrets`. */
  readonly namespace: string;
  /** Chart values, over the platform's own. */
  readonly values: Record<string, unknown>;
}

/** The configuration of one stack, complete and checked. */
export interface StackConfiguration {
  /** Name of the Pulumi stack. */
  readonly stack: string;
  /** The environment the stack provisions. Default: the stack's name. */
  readonly environment: string;
  /** Every environment of the project, as Pulumi.yaml lists them. */
  readonly environments: readonly string[];
  readonly kubernetes: {
    /** Context of the kubeconfig. */
    readonly context: string;
    /** Path of the kubeconfig. Omitted: where kubectl finds it. */
    readonly kubeconfig?: string;
  };
  readonly cluster: ClusterConfiguration;
  readonly doppler: DopplerConfiguration;
  readonly externalSecrets: ExternalSecretsConfiguration;
  /** Folder of the application files, relative to the project's. Default: `apps`. */
  readonly applications: string;
  /** Longest time `up` waits for what it changed to sync, in seconds, 10 to 3,600. Default: 120. */
  readonly synchronizationTimeoutSeconds: number;
}

/**
 * Checks a stack's configuration and fills in the defaults.
 *
 * @param stack name of the Pulumi stack
 * @param values configuration by key without the project's prefix, objects already parsed
 * @param file how messages name the stack's file, such as `Pulumi.dev.yaml`
 * @throws ConfigurationError with every mistake
 */
export function parseStackConfiguration(
  stack: string,
  values: Record<string, unknown>,
  file: string,
): StackConfiguration {
  const problems: Problem[] = [];
  const { complete } = readStack(stack, values, { place: () => ({ file }) }, problems);
  if (complete === undefined) throw new ConfigurationError(problems);
  return complete;
}

/**
 * Settings of one Doppler config: what the stack's configuration sets, else the defaults, which are
 * `doppler-token-<config>`, key `dopplerToken`, store `doppler-<config>`, generation 1. Doppler's names may have
 * `_`; in names of Kubernetes it becomes `-`.
 */
export function dopplerConfigSettings(
  configuration: StackConfiguration,
  config: string,
): DopplerConfigSettings {
  return settingsOf(configuration.doppler.configs, config);
}
