/**
 * Values of Vault Secrets Operator's chart for production. Pure: configuration in, values out.
 * Source: the chart's values.yaml, versions 0.10 to 1.4.
 */
import type { ChartValues } from "../operators/chartValues";

/**
 * Two replicas with leader election, and memory for 1,000 objects: the chart's own limit of 128 MiB is passed with a
 * few hundred, since the operator keeps a client of Vault for each VaultAuth.
 */
export function productionValues(): ChartValues {
  return {
    controller: {
      replicas: 2,
      manager: {
        resources: { requests: { cpu: "20m", memory: "128Mi" }, limits: { cpu: "1", memory: "1Gi" } },
        // A new leader logs in again: no token of Vault is kept in the cluster.
        clientCache: { persistenceModel: "none", cacheSize: 2000 },
        maxConcurrentReconciles: 20,
        // It writes the status of each object at each refresh; its default rate is enough for 500 of them.
        kubeClient: { qps: 100, burst: 200 },
        globalTransformationOptions: { excludeRaw: true },
      },
      kubeRbacProxy: {
        resources: { requests: { cpu: "5m", memory: "32Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
      },
    },
    // Both would be open to every namespace of the cluster.
    defaultVaultConnection: { enabled: false },
    defaultAuthMethod: { enabled: false },
    tests: { enabled: false },
  };
}
