import { join } from "node:path";
import { API_SERVER_PORT, kubeconfigPath, tokenFile } from "../kubeconfig";
import { NODE_ADDRESS } from "../namespace";
import type { Service, ServiceContext } from "./service";

const ETCD = "http://127.0.0.1:2379";

/** Addresses of pods on this node. */
export const POD_RANGE = "10.244.0.0/24";

const OCCUPIED = "If its port is taken, another server was started inside the node by hand: end that one.";

/** Keeps the cluster's objects. Its data is as short-lived as the cluster: it need not survive a power cut. */
export function etcd({ instance, parts }: ServiceContext): Service {
  return {
    name: "etcd",
    command: [
      parts.etcd.path,
      `--name=${instance.name}`,
      `--data-dir=${join(instance.data, "etcd")}`,
      `--listen-client-urls=${ETCD}`,
      `--advertise-client-urls=${ETCD}`,
      "--listen-peer-urls=http://127.0.0.1:2380",
      "--unsafe-no-fsync",
    ],
    after: [],
    ready: `${ETCD}/health`,
    timeout: 60,
    remedy: `If its data is broken, start over with a new cluster: npm run local:down. ${OCCUPIED}`,
  };
}

export function apiServer({ instance, parts, credentials, certificates }: ServiceContext): Service {
  const tokens = join(instance.configuration, "tokens.csv");
  return {
    name: "kube-apiserver",
    command: [
      join(parts.kubernetes.path, "kube-apiserver"),
      `--etcd-servers=${ETCD}`,
      `--bind-address=${NODE_ADDRESS}`,
      `--advertise-address=${NODE_ADDRESS}`,
      `--secure-port=${API_SERVER_PORT}`,
      `--tls-cert-file=${certificates.server.certificate}`,
      `--tls-private-key-file=${certificates.server.key}`,
      `--kubelet-client-certificate=${certificates.kubeletClient.certificate}`,
      `--kubelet-client-key=${certificates.kubeletClient.key}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${certificates.serviceAccountKey}`,
      `--service-account-signing-key-file=${certificates.serviceAccountKey}`,
      "--authorization-mode=Node,RBAC",
      `--token-auth-file=${tokens}`,
      "--service-cluster-ip-range=10.96.0.0/16",
      "--allow-privileged=true",
    ],
    files: { [tokens]: tokenFile(credentials, instance.name) },
    after: ["etcd"],
    ready: `https://${NODE_ADDRESS}:${API_SERVER_PORT}/readyz`,
    timeout: 120,
    remedy: OCCUPIED,
  };
}

export function controllerManager({ instance, parts, certificates }: ServiceContext): Service {
  return {
    name: "kube-controller-manager",
    command: [
      join(parts.kubernetes.path, "kube-controller-manager"),
      ...kubeconfigFlags(kubeconfigPath(instance, "controller-manager")),
      `--root-ca-file=${certificates.server.certificate}`,
      `--service-account-private-key-file=${certificates.serviceAccountKey}`,
      "--use-service-account-credentials",
      "--bind-address=127.0.0.1",
      "--leader-elect=false",
    ],
    after: ["kube-apiserver"],
    ready: "https://127.0.0.1:10257/healthz",
    timeout: 60,
    remedy: OCCUPIED,
  };
}

export function scheduler({ instance, parts }: ServiceContext): Service {
  return {
    name: "kube-scheduler",
    command: [
      join(parts.kubernetes.path, "kube-scheduler"),
      ...kubeconfigFlags(kubeconfigPath(instance, "scheduler")),
      "--bind-address=127.0.0.1",
      "--leader-elect=false",
    ],
    after: ["kube-apiserver"],
    ready: "https://127.0.0.1:10259/healthz",
    timeout: 60,
    remedy: OCCUPIED,
  };
}

function kubeconfigFlags(path: string): string[] {
  return ["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"].map(
    (flag) => `--${flag}=${path}`,
  );
}
