/** Where Doppler's API is, and the token that may provision in it. */
export interface DopplerTarget {
  project: string;
  /** Address without a trailing slash, as the cluster reaches it. */
  host: string;
  token: string;
}

/** Where OpenBao or Vault is, and the token that may write policies in it. */
export interface VaultTarget {
  /** Address without a trailing slash, as this machine and the cluster reach it. */
  address: string;
  /** Omitted: the variable VAULT_TOKEN of whoever runs a command. */
  token?: string;
  /** The same server where it is encrypted, and the PEM file of its authority. */
  encrypted?: { address: string; caCertificateFile: string };
}

/** An operator's chart that a stack installs. */
export interface ChartTarget {
  /** Name in the repository, `oci://` address, or path. */
  chart: string;
  version: string;
  repository?: string;
  /** Chart values of this platform: images, where Doppler is. */
  values: Record<string, unknown>;
}

/** What a run of the platform's Pulumi project is aimed at: a stack, its cluster, its Doppler. */
export interface Target {
  /** Name of the Pulumi stack. */
  stack: string;
  /** The project's environment that it provisions. */
  environment: string;
  kubernetes: { context: string; kubeconfig?: string };
  doppler: DopplerTarget;
  chart: ChartTarget;
  /** The chart of Vault Secrets Operator. */
  vaultChart: ChartTarget;
  /** None: the stack uses no Vault. */
  vault?: VaultTarget;
  /** The image of the secrets service, where the cluster has it already. None: the stack's own setting. */
  secretsService?: { image: string; imagePullPolicy: "Never" };
}
