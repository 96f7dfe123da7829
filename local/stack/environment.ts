import { delimiter, join } from "node:path";
import type { Target } from "./target";

/** What the environment of Pulumi and of people's commands is made of, besides the target. */
export interface EnvironmentOptions {
  target: Target;
  /** PULUMI_HOME. */
  home: string;
  /** Folder that keeps Pulumi's state. */
  backend: string;
  /** File with the passphrase of Pulumi's state. */
  passphraseFile: string;
  /** Folders before those of PATH. */
  folders: readonly string[];
}

// Addresses of the node, its pods and Services, which no proxy of the person's network can reach.
const UNPROXIED = "10.244.0.0/16,10.96.0.0/12,127.0.0.1,localhost";

/** Variables that are not secret, and are the same for the person's own shell and for commands run here. */
export function plainVariables(options: EnvironmentOptions): Record<string, string> {
  const { target } = options;
  return {
    ...(target.kubernetes.kubeconfig === undefined ? {} : { KUBECONFIG: target.kubernetes.kubeconfig }),
    PULUMI_HOME: options.home,
    PULUMI_BACKEND_URL: `file://${options.backend}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: options.passphraseFile,
    PULUMI_STACK: target.stack,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    DOPPLER_API_HOST: target.doppler.host,
    ...vaultVariables(target),
    NO_PROXY: [process.env.NO_PROXY, UNPROXIED].filter((part) => part !== undefined && part !== "").join(","),
  };
}

/** Where Vault is, under its own names and OpenBao's. The authority matters only to who names an `https:` address. */
function vaultVariables({ vault }: Target): Record<string, string> {
  if (vault === undefined) return {};
  const authority = vault.encrypted?.caCertificateFile;
  return {
    VAULT_ADDR: vault.address,
    BAO_ADDR: vault.address,
    ...(authority === undefined ? {} : { VAULT_CACERT: authority, BAO_CACERT: authority }),
  };
}

/**
 * Folder for temporary files, in a Pulumi home that only its owner reads: the Kubernetes provider leaves copies of the
 * kubeconfig in it, credentials included.
 */
export function temporaryFolder(home: string): string {
  return join(home, "temporary");
}

/** The whole environment of a command, credentials included. */
export function commandEnvironment(options: EnvironmentOptions): NodeJS.ProcessEnv {
  const { target, folders } = options;
  const vaultToken = target.vault?.token;
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...plainVariables(options),
    PATH: [...folders, process.env.PATH ?? ""].join(delimiter),
    TMPDIR: temporaryFolder(options.home),
    DOPPLER_TOKEN: target.doppler.token,
    ...(vaultToken === undefined ? {} : { VAULT_TOKEN: vaultToken, BAO_TOKEN: vaultToken }),
  };
  // Would win over the file, and belongs to other stacks.
  delete environment.PULUMI_CONFIG_PASSPHRASE;
  return environment;
}
