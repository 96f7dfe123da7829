import { containerd } from "./containerRuntime";
import { apiServer, controllerManager, etcd, scheduler } from "./controlPlane";
import { kubelet, proxy } from "./node";
import { doppler, openbao } from "./secretStores";
import type { Service, ServiceContext } from "./service";

/** Every server of a node. */
export function services(context: ServiceContext): Service[] {
  const makers = [
    ...[etcd, apiServer, controllerManager, scheduler],
    ...[containerd, kubelet, proxy],
    ...[openbao, doppler],
  ];
  return makers.map((make) => make(context));
}
