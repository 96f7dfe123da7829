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

/** Where Vault is, how the operator and Pulumi log in to it, and what the stack's applications get there. */
export interface VaultConfiguration {
  /** Address as Pulumi reaches it, without a trailing slash. */
  readonly address: string;
  /** Address as the operator's pods reach it, without a trailing slash. Default: `address`. */
  readonly operatorAddress: string;
  /** Mount of the KV v2 secrets. Default: `secret`. */
  readonly mount: string;
  /** The kubernetes auth method that the applications' ServiceAccounts log in with. */
  readonly auth: {
    /** Where it is mounted. Default: `kubernetes`. */
    readonly path: string;
    /** Audience of the ServiceAccounts' tokens. Default: `vault`. */
    readonly audience: string;
    /** Validity of a Vault token, in seconds, 60 to 86,400. Default: 1,200. */
    readonly tokenSeconds: number;
  };
  /** Whether Vault runs as a pod in this cluster and reviews tokens with its own ServiceAccount. Default: false. */
  readonly inCluster: boolean;
  /**
   * Address of the cluster's API server as Vault reaches it. Omitted: the kubeconfig's. Default with `inCluster`:
   * `https://kubernetes.default.svc`.
   */
  readonly kubernetesHost?: string;
  /** PEM file of the authority of Vault's certificate, relative to the project's folder. Omitted: the system's. */
  readonly caCertificateFile?: string;
  /** How Pulumi logs in. Omitted: with the token in `VAULT_TOKEN` or the stack's encrypted `vaultToken`. */
  readonly login?: { readonly kubernetes: VaultKubernetesLogin };
  /** Policies, made by others, that every application's role has beside its own. Default: none. */
  readonly policies: readonly string[];
  /** Paths outside of the common layout, below the mount -> names of the applications that may read them. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** Whether `destroy` removes what `placeholder` wrote even where people have changed it since. Default: false. */
  readonly purge: boolean;
  /** How long placeholders may stand before `up` and the status fail, in seconds, 60 to 31,536,000. Default: 7 days. */
  readonly pendingSeconds: number;
}

/** A login of Pulumi's with the token of the ServiceAccount of its pod. */
export interface VaultKubernetesLogin {
  readonly role: string;
  /** Where the auth method is mounted. Default: that of the applications. */
  readonly path: string;
  /** File of the token. Default: `/var/run/secrets/kubernetes.io/serviceaccount/token`. */
  readonly tokenFile: string;
}

/** The Helm chart of an operator. */
export interface ChartConfiguration {
  /** Version of the chart. */
  readonly version: string;
  /** Name in the repository, `oci://` address or path of the chart. */
  readonly chart: string;
  /** Address of the chart repository. Omitted for a path and an `oci://` address. */
  readonly repository?: string;
  /** Namespace of the operator. Default: `external-secrets` and `vault-secrets-operator-system`. */
  readonly namespace: string;
  /** Chart values, over the platform's own. */
  readonly values: Record<string, unknown>;
}

/** The secrets service: values by key over HTTP, for callers that application files declare. */
export interface SecretsServiceConfiguration {
  /** Image of services/secrets. */
  readonly image: string;
  /** Default: `IfNotPresent`. */
  readonly imagePullPolicy: "IfNotPresent" | "Always" | "Never";
  /** Name of the application whose Secrets it answers from. Default: `secrets-service`. */
  readonly application: string;
  /** Whether the configuration names that application: then it has to be there. */
  readonly isNamed: boolean;
  /** Pods, 2 to 20. Default: 2. */
  readonly replicas: number;
  /** Raised by one to give every caller a new token; that of the generation before stays good. From 1. */
  readonly generation: number;
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
  /** The chart of External Secrets Operator; the token Secrets are in its namespace. */
  readonly externalSecrets: ChartConfiguration;
  /** Omitted: no application of the stack reads from Vault. */
  readonly vault?: VaultConfiguration;
  /** The chart of Vault Secrets Operator. */
  readonly vaultSecretsOperator: ChartConfiguration;
  /** Omitted: the stack runs no secrets service. */
  readonly secretsService?: SecretsServiceConfiguration;
  /** Folder of the application files, relative to the project's. Default: `apps`. */
  readonly applications: string;
  /** File of variables beside those of the process, relative to the project's folder. Omitted: those alone. */
  readonly environmentFile?: string;
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
