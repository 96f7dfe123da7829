import { checkPlatformConfiguration, platformConfiguration } from "./configuration";
import { claimedNamespace } from "./resources/claimedNamespace";
import { serviceTokenGuard } from "./resources/serviceTokenGuard";
import { synchronization } from "./resources/synchronization";
import { serveProvider } from "./server";

/** The project's own provider: what must also work when the program does not run, as in `pulumi destroy`. */
void serveProvider({
  name: "secrets-platform",
  version: "0.1.0",
  checkConfiguration: checkPlatformConfiguration,
  configure: platformConfiguration,
  resources: {
    "secrets-platform:cluster:ClaimedNamespace": claimedNamespace,
    "secrets-platform:cluster:Synchronization": synchronization,
    "secrets-platform:doppler:ServiceTokenGuard": serviceTokenGuard,
  },
});
