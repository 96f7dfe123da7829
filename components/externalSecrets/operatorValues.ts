/**
 * Values of External Secrets Operator's chart for production. Pure: configuration in, values out.
 * Source: the chart's values.yaml, versions 0.20 to 2.9.
 */
import type { ChartValues } from "../operators/chartValues";

const OPERATOR_RESOURCES = {
  requests: { cpu: "20m", memory: "96Mi" },
  limits: { memory: "512Mi" },
};
const HELPER_RESOURCES = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { memory: "256Mi" },
};
const DISRUPTION_BUDGET = { enabled: true, minAvailable: 1 };

/** Replicas do not share a node while there is another one, so that a drained node takes only one of them. */
function spread(name: string): object[] {
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: { "app.kubernetes.io/name": name } },
    },
  ];
}

/** Two replicas with leader election, disruption budgets, bounded memory, and only the rights that are used. */
export function productionValues(): ChartValues {
  return {
    installCRDs: true,
    // Deleting a CRD deletes every ExternalSecret and with it every Secret: they outlive the release.
    crds: { annotations: { "helm.sh/resource-policy": "keep" } },
    replicaCount: 2,
    leaderElect: true,
    concurrent: 4,
    // What the platform does not use, the operator gets no rights for.
    processClusterExternalSecret: false,
    processClusterPushSecret: false,
    processPushSecret: false,
    processClusterGenerator: false,
    rbac: { servicebindings: { create: false } },
    resources: OPERATOR_RESOURCES,
    podDisruptionBudget: DISRUPTION_BUDGET,
    topologySpreadConstraints: spread("external-secrets"),
    livenessProbe: { enabled: true },
    webhook: {
      replicaCount: 2,
      resources: HELPER_RESOURCES,
      podDisruptionBudget: DISRUPTION_BUDGET,
      topologySpreadConstraints: spread("external-secrets-webhook"),
    },
    // It only renews the webhook's certificate: one is enough, and a budget would block the drain of its node.
    certController: { replicaCount: 1, resources: HELPER_RESOURCES },
  };
}

const DOPPLER_ADDRESS_VARIABLE = "DOPPLER_BASE_URL";

/**
 * `values` with Doppler's address for the operator, which has no field for it in a store. A value that the stack's
 * configuration sets itself stays.
 * @param host base URL of Doppler's API, without a trailing slash
 */
export function withDopplerAddress(values: ChartValues, host: string): ChartValues {
  const set = Array.isArray(values["extraEnv"]) ? (values["extraEnv"] as { name?: string }[]) : [];
  if (set.some((variable) => variable.name === DOPPLER_ADDRESS_VARIABLE)) return values;
  return { ...values, extraEnv: [...set, { name: DOPPLER_ADDRESS_VARIABLE, value: host }] };
}
