import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigPath } from "../kubeconfig";
import { NODE_ADDRESS } from "../namespace";
import type { Service, ServiceContext } from "./service";

/** Domain of the names of Services, such as `name.namespace.svc.cluster.local`. */
export const CLUSTER_DOMAIN = "cluster.local";

/** Where the server says that it knows the cluster's Services. */
const READY = "127.0.0.1:8181";

/** What it reads of the cluster, bound to the name that its token stands for. */
const RIGHTS = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: "coredns" },
    rules: [
      { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "coredns" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "coredns" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "coredns" }],
  },
];

/** Tells pods the addresses of Services by their names. */
export function coredns({ instance, parts }: ServiceContext): Service {
  const file = join(instance.configuration, "Corefile");
  const rights = join(instance.configuration, "coredns-rights.yaml");
  return {
    name: "coredns",
    command: [parts.coredns.path, `-conf=${file}`],
    files: {
      [file]: corefile(kubeconfigPath(instance, "coredns")),
      [rights]: RIGHTS.map((each) => stringify(each)).join("---\n"),
    },
    prepare: [
      ...[parts.kubectl.path, `--kubeconfig=${kubeconfigPath(instance, "admin")}`],
      ...["apply", "--server-side", "--request-timeout=30s", `--filename=${rights}`],
    ],
    after: ["kube-apiserver"],
    ready: `http://${READY}/ready`,
    timeout: 60,
    remedy: "If its port is taken, another server was started inside the node by hand: end that one.",
  };
}

/** Other names are said not to exist at once: there is no server outside that could be asked. */
function corefile(kubeconfig: string): string {
  return `${CLUSTER_DOMAIN} in-addr.arpa {
    bind ${NODE_ADDRESS}
    errors
    ready ${READY}
    kubernetes {
        kubeconfig ${kubeconfig}
    }
}
. {
    bind ${NODE_ADDRESS}
    errors
    template ANY ANY {
        rcode NXDOMAIN
    }
}
`;
}
