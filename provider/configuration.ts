import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { VaultClient } from "../clients/vault";
import { CheckFailure, Values } from "./definition";

/** What the provider's resources work with. Connections are made on first use: previews work offline. */
export interface PlatformConfiguration {
  cluster: () => Promise<KubernetesClient>;
  doppler: () => DopplerClient;
  /** @throws Error when the stack was configured without Vault */
  vault: () => VaultClient;
  /** Whether the stack was configured with Vault. */
  hasVault: boolean;
}

/** Reads the provider's arguments; every value arrives as a string. */
export function platformConfiguration(inputs: Values): PlatformConfiguration {
  let client: Promise<KubernetesClient> | undefined;
  const context = text(inputs, "context") ?? "";
  const kubeconfig = text(inputs, "kubeconfig");
  const address = text(inputs, "vaultAddress");
  const token = text(inputs, "vaultToken");
  const caCertificate = text(inputs, "vaultCaCertificate");
  return {
    cluster: () => (client ??= KubernetesClient.load({ context, kubeconfig })),
    doppler: () =>
      new DopplerClient({
        host: text(inputs, "dopplerHost") ?? "",
        token: text(inputs, "dopplerToken") ?? "",
      }),
    vault: () => {
      if (!address || !token) throw new Error("this stack has no connection to Vault: run pulumi up first");
      return new VaultClient({ address, token, ...(caCertificate ? { caCertificate } : {}) });
    },
    hasVault: Boolean(address && token),
  };
}

/** The provider cannot work without a context, nor revoke tokens without Doppler's address and token. */
export function checkPlatformConfiguration(inputs: Values): CheckFailure[] {
  return ["context", "dopplerHost", "dopplerToken"]
    .filter((property) => inputs[property] === undefined || inputs[property] === "")
    .map((property) => ({ property, reason: "it is required" }));
}

function text(inputs: Values, property: string): string | undefined {
  const value = inputs[property];
  return typeof value === "string" ? value : undefined;
}
