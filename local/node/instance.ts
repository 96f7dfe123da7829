import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { stateHome } from "./folders";

/** The checkout that this file belongs to. */
export const CHECKOUT = resolve(__dirname, "..", "..");

/** Environment variable that names the instance. Default: a name made of the checkout's path. */
export const INSTANCE_VARIABLE = "SECRETS_PLATFORM_INSTANCE";

// It becomes part of paths of sockets, which may be no longer than 107 bytes, and of the names of cgroups.
const NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** Where one embedded platform keeps what it needs. Two checkouts have two of them, and share only the cache. */
export interface Instance {
  name: string;
  /** The instance's folder, below which everything but sockets lies. Readable by its owner only. */
  folder: string;
  /** What the cluster keeps: etcd's data, containerd's images and containers, the kubelet's volumes. */
  data: string;
  /** Generated configuration, certificates and credentials of the servers. */
  configuration: string;
  /** A log a server, and a log a step. */
  logs: string;
  /** What is running: a file a process. */
  processes: string;
  /** Commands for people that run inside the node. */
  commands: string;
  /** Pulumi's state, when its backend is a folder. */
  backend: string;
  /** Pulumi's home: plugins and credentials of its own. */
  pulumiHome: string;
  kubeconfig: string;
  /** Sockets, on a file system of memory that only the node sees. */
  sockets: string;
  /** Path of the cgroup of all its pods, below each hierarchy's root. */
  cgroup: string;
}

/** The instance of a name. Throws when the name cannot be used. */
export function instanceNamed(name: string): Instance {
  if (!NAME.test(name)) {
    throw new Error(
      `"${name}" cannot name an instance (${INSTANCE_VARIABLE}): use at most 32 lower-case letters, digits and ` +
        "dashes, such as second-checkout",
    );
  }
  const folder = join(stateHome(), name);
  return {
    name,
    folder,
    data: join(folder, "data"),
    configuration: join(folder, "configuration"),
    logs: join(folder, "logs"),
    processes: join(folder, "processes"),
    commands: join(folder, "bin"),
    backend: join(folder, "backend"),
    pulumiHome: join(folder, "pulumi"),
    kubeconfig: join(folder, "kubeconfig"),
    sockets: join("/run/secrets-platform", name),
    cgroup: `/secrets-platform-${name}`,
  };
}

/** The instance of this checkout, or the one that {@link INSTANCE_VARIABLE} names. */
export function currentInstance(): Instance {
  const named = process.env[INSTANCE_VARIABLE];
  return instanceNamed(named === undefined || named === "" ? nameOfCheckout(CHECKOUT) : named);
}

/**
 * A name that tells people which checkout it is, and that no other checkout of this machine has, nor this one with
 * its state elsewhere: sockets and control groups are the machine's, and go by the name alone.
 */
export function nameOfCheckout(path: string): string {
  const readable = basename(path)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 20)
    .replace(/-+$/, "");
  const unique = createHash("sha256").update(`${stateHome()}\n${path}`).digest("hex").slice(0, 8);
  return readable === "" ? unique : `${readable}-${unique}`;
}
