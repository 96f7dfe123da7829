import type { ObtainedPart, PartName } from "../../parts";
import type { Certificates } from "../certificates";
import type { Credentials } from "../credentials";
import type { Instance } from "../instance";

export const SERVICE_NAMES = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "containerd",
  "kubelet",
  "kube-proxy",
  "coredns",
  "openbao",
  "doppler",
] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

/** A server of the node: how it is started, and how to tell that it works. */
export interface Service {
  name: ServiceName;
  /** Executable and arguments. Nothing secret: every user of the machine can read them. */
  command: readonly string[];
  /** Added to the plain environment of all servers. */
  environment?: Readonly<Record<string, string>>;
  /** Files written before it starts: path to content. Readable by this person only. */
  files?: Readonly<Record<string, string>>;
  /** A command that is run to its end before it starts, once those that it needs work and its files are there. */
  prepare?: readonly string[];
  /** Services that must work before it starts. */
  after: readonly ServiceName[];
  /** What answers when it works: `http:` or `https:` with status 200, or the socket of `unix:`. */
  ready: string;
  /** Seconds until it must have answered. */
  timeout: number;
  /** What to do when it does not. */
  remedy: string;
}

/** The parts that the node itself runs on. */
export const NODE_PARTS = [
  "kubernetes",
  "etcd",
  "coredns",
  "containerd",
  "runc",
  "containernetworking-plugins",
  "iptables",
  "iproute2",
  "openssl",
  "openbao",
  "kubectl",
  "pause",
] as const satisfies readonly PartName[];

export type NodeParts = Readonly<Record<(typeof NODE_PARTS)[number], ObtainedPart>>;

/** What services are made from. */
export interface ServiceContext {
  instance: Instance;
  parts: NodeParts;
  credentials: Credentials;
  certificates: Certificates;
}
