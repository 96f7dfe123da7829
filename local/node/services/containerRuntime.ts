import { join } from "node:path";
import type { Instance } from "../instance";
import { PAUSE_IMAGE } from "../../images/catalogue";
import { POD_RANGE } from "./controlPlane";
import type { Service, ServiceContext } from "./service";

/** Path of containerd's socket, inside the node. */
export function containerdSocket(instance: Instance): string {
  return join(instance.sockets, "containerd.sock");
}

export function containerd({ instance, parts }: ServiceContext): Service {
  const configuration = join(instance.configuration, "containerd.toml");
  const networks = join(instance.configuration, "networks");
  return {
    name: "containerd",
    command: [join(parts.containerd.path, "containerd"), `--config=${configuration}`],
    files: {
      [configuration]: containerdConfiguration(
        instance,
        parts["containernetworking-plugins"].path,
        networks,
        parts.runc.path,
      ),
      [join(networks, "10-node.conflist")]: JSON.stringify(PODS_NETWORK, undefined, 2),
    },
    after: [],
    ready: `unix:${containerdSocket(instance)}`,
    timeout: 60,
    remedy:
      "It needs a file system that overlayfs can lie on, which the root of a container is not: set " +
      "XDG_STATE_HOME to a folder on a disk, or to a volume.",
  };
}

const PODS_NETWORK = {
  cniVersion: "0.4.0",
  name: "pods",
  plugins: [
    {
      type: "bridge",
      bridge: "cni0",
      isGateway: true,
      hairpinMode: true,
      ipam: {
        type: "host-local",
        ranges: [[{ subnet: POD_RANGE }]],
        routes: [{ dst: "0.0.0.0/0" }],
      },
    },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

function containerdConfiguration(
  instance: Instance,
  plugins: string,
  networks: string,
  runc: string,
): string {
  return `version = 2
root = "${join(instance.data, "containerd")}"
state = "${join(instance.sockets, "containerd")}"
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
  address = "${containerdSocket(instance)}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  disable_apparmor = true
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${plugins}"
    conf_dir = "${networks}"

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "${runc}"
`;
}
