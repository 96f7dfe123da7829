import { containerd } from "./containerRuntime";
import { apiServer, controllerManager, etcd, scheduler } from "./controlPlane";
import { coredns } from "./names";
import { kubelet, proxy } from "./node";
import { doppler, openbao } from "./secretStores";
import type { Service, ServiceContext } from "./service";

/** Every server of a node. */
export function services(context: ServiceContext): Service[] {
  const makers = [
    ...[etcd, apiServer, controllerManager, scheduler],
    ...[containerd, kubelet, proxy, coredns],
    ...[openbao, doppler],
  ];
  return makers.map((make) => make(context));
}
