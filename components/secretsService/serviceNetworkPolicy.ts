/** Who reaches the service's pods, and whom they reach. Pure: settings in, manifest out. */
import { objectMetadata, podLabels, POD_PORT, ServiceSettings } from "./layout";

/** What the NetworkPolicy is made from. */
export interface NetworkPolicySettings extends ServiceSettings {
  /** Namespaces of the callers. */
  callerNamespaces: readonly string[];
  /** Whether the service asks the apiserver whose a token is. */
  reviewsTokens: boolean;
}

/** Ports that apiservers listen on; which address they have differs by cluster. */
const API_SERVER_PORTS = [443, 6443];

/** The manifest. Where the cluster's network enforces no policies, it changes nothing. */
export function serviceNetworkPolicy(settings: NetworkPolicySettings) {
  const { callerNamespaces, reviewsTokens } = settings;
  const namespaces = [...new Set(callerNamespaces)].sort();
  return {
    metadata: objectMetadata(settings),
    spec: {
      podSelector: { matchLabels: podLabels(settings) },
      policyTypes: ["Ingress", "Egress"],
      // A rule without `from` would let everybody in.
      ingress: namespaces.length > 0 ? [ingressRule(namespaces)] : [],
      egress: reviewsTokens ? [{ ports: API_SERVER_PORTS.map((port) => ({ protocol: "TCP", port })) }] : [],
    },
  };
}

function ingressRule(namespaces: readonly string[]) {
  return {
    from: namespaces.map((name) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
    })),
    ports: [{ protocol: "TCP", port: POD_PORT }],
  };
}
