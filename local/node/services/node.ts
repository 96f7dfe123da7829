import { join } from "node:path";
import { stringify } from "yaml";
import { kubeconfigPath } from "../kubeconfig";
import { NODE_ADDRESS } from "../namespace";
import { containerdSocket } from "./containerRuntime";
import { POD_RANGE } from "./controlPlane";
import { CLUSTER_DOMAIN } from "./names";
import type { Service, ServiceContext } from "./service";

/** Runs the pods. */
export function kubelet({ instance, parts, certificates }: ServiceContext): Service {
  const file = join(instance.configuration, "kubelet.yaml");
  const configuration = {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: NODE_ADDRESS,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificates.kubeletClient.certificate },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${containerdSocket(instance)}`,
    // Its own group of the instance: the pods of two checkouts never share one.
    cgroupRoot: instance.cgroup,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: true,
    failCgroupV1: false,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    // The machine's disk is the person's business; images are never fetched again once they are deleted.
    evictionHard: {
      "memory.available": "1Mi",
      "nodefs.available": "0%",
      "nodefs.inodesFree": "0%",
      "imagefs.available": "0%",
    },
    imageGCHighThresholdPercent: 100,
    clusterDNS: [NODE_ADDRESS],
    clusterDomain: CLUSTER_DOMAIN,
    // The machine's own servers of names cannot be reached from pods.
    resolvConf: "",
    podLogsDir: join(instance.data, "pod-logs"),
    volumePluginDir: join(instance.data, "volume-plugins"),
  };
  return {
    name: "kubelet",
    command: [
      join(parts.kubernetes.path, "kubelet"),
      `--config=${file}`,
      `--kubeconfig=${kubeconfigPath(instance, "kubelet")}`,
      `--root-dir=${join(instance.data, "kubelet")}`,
      `--cert-dir=${join(instance.data, "kubelet", "pki")}`,
      `--hostname-override=${instance.name}`,
      `--node-ip=${NODE_ADDRESS}`,
    ],
    files: { [file]: stringify(configuration) },
    after: ["containerd", "kube-apiserver"],
    ready: "http://127.0.0.1:10248/healthz",
    timeout: 60,
    remedy:
      "It needs writable control groups under /sys/fs/cgroup, which a container has only when privileged.",
  };
}

/** Leads the addresses of Services to their pods. */
export function proxy({ instance, parts }: ServiceContext): Service {
  const file = join(instance.configuration, "kube-proxy.yaml");
  const configuration = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clientConnection: { kubeconfig: kubeconfigPath(instance, "proxy") },
    hostnameOverride: instance.name,
    bindAddress: NODE_ADDRESS,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    clusterCIDR: POD_RANGE,
    // The table of connections is the whole machine's: its limits are left as they are.
    conntrack: { maxPerCore: 0, min: 0 },
  };
  return {
    name: "kube-proxy",
    command: [join(parts.kubernetes.path, "kube-proxy"), `--config=${file}`],
    files: { [file]: stringify(configuration) },
    after: ["kube-apiserver"],
    ready: "http://127.0.0.1:10256/healthz",
    timeout: 60,
    remedy: "It needs iptables and the kernel's modules for it: try `iptables -t nat -L` as root.",
  };
}
