import { checkPlatformConfiguration, platformConfiguration } from "./configuration";
import { claimedNamespace } from "./resources/claimedNamespace";
import { claimedServiceAccount } from "./resources/claimedServiceAccount";
import { claimedVaultMount } from "./resources/claimedVaultMount";
import { finalizerGuard } from "./resources/finalizerGuard";
import { placeholderSecret } from "./resources/placeholderSecret";
import { population } from "./resources/population";
import { serviceTokenGuard } from "./resources/serviceTokenGuard";
import { synchronization } from "./resources/synchronization";
import { vaultPlaceholder } from "./resources/vaultPlaceholder";
import { vaultReady } from "./resources/vaultReady";
import { serveProvider } from "./server";

/** The project's own provider: what must also work when the program does not run, as in `pulumi destroy`. */
void serveProvider({
  name: "secrets-platform",
  version: "0.1.0",
  checkConfiguration: checkPlatformConfiguration,
  configure: platformConfiguration,
  resources: {
    "secrets-platform:cluster:ClaimedNamespace": claimedNamespace,
    "secrets-platform:cluster:ClaimedServiceAccount": claimedServiceAccount,
    "secrets-platform:cluster:FinalizerGuard": finalizerGuard,
    "secrets-platform:cluster:PlaceholderSecret": placeholderSecret,
    "secrets-platform:cluster:Synchronization": synchronization,
    "secrets-platform:doppler:ServiceTokenGuard": serviceTokenGuard,
    "secrets-platform:vault:ClaimedVaultMount": claimedVaultMount,
    "secrets-platform:vault:Population": population,
    "secrets-platform:vault:VaultPlaceholder": vaultPlaceholder,
    "secrets-platform:vault:VaultReady": vaultReady,
  },
});
