import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as vault from "@pulumi/vault";
import * as doppler from "@pulumiverse/doppler";
import { ownerName } from "../components/identity";
import { Plan } from "../plan/plan";
import type { VaultAccess } from "./vaultAccess";

/** What providers are made from. */
export interface ProviderSettings {
  plan: Plan;
  /** A Doppler token that may mint service tokens. */
  dopplerToken: pulumi.Output<string>;
  /** None: the stack uses no Vault, or Vault is not ready. */
  vault?: VaultAccess | undefined;
}

/** Every provider is made once, from configuration, and handed down; nothing is taken from the surroundings. */
export function providers({
  plan,
  dopplerToken,
  vault: access,
}: ProviderSettings): pulumi.ProviderResource[] {
  const { context, kubeconfig } = plan.configuration.kubernetes;
  const { host } = plan.configuration.doppler;
  const cluster = { context, ...(kubeconfig ? { kubeconfig } : {}) };
  return [
    new kubernetes.Provider("kubernetes", {
      ...cluster,
      // A renamed context or another path of the kubeconfig is the same cluster still: without this, everything would
      // be replaced, which means made again under the same names and then deleted.
      clusterIdentifier: ownerName(plan.identity),
      enableServerSideApply: true,
      // Otherwise a changed token Secret would be deleted before it is made again, and reading would fail meanwhile.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    }),
    new doppler.Provider("doppler", { dopplerToken, host }),
    new random.Provider("random"),
    ...(access ? [vaultProvider(access)] : []),
    new PlatformProvider("secrets-platform", {
      ...cluster,
      dopplerHost: host,
      dopplerToken,
      ...(access
        ? {
            vaultAddress: access.address,
            vaultToken: access.token,
            ...(access.caCertificate ? { vaultCaCertificate: access.caCertificate } : {}),
          }
        : {}),
    }),
  ];
}

function vaultProvider({ address, token, caCertificateFile }: VaultAccess): vault.Provider {
  return new vault.Provider("vault", {
    address,
    token,
    ...(caCertificateFile ? { caCertFile: caCertificateFile } : {}),
    // A child token would need another right, and every run would leave one behind.
    skipChildToken: true,
  });
}

/** The project's own provider, in folder provider/. */
class PlatformProvider extends pulumi.ProviderResource {
  constructor(name: string, args: Record<string, pulumi.Input<string>>) {
    super("secrets-platform", name, args);
  }
}
