import { mkdir, rm, rmdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import type { Progress } from "../commands/progress";
import type { Image } from "../images/archive";
import { busyboxImage, pauseImage } from "../images/catalogue";
import { importImage } from "../images/import";
import { obtainPart, obtainParts } from "../parts";
import { withLock } from "../parts/lock";
import { run, runOrThrow, type Completed, type RunOptions } from "../process/run";
import { certificatesOf } from "./certificates";
import { makeCgroups, removeCgroups } from "./cgroups";
import { credentialsOf, type Credentials } from "./credentials";
import type { Instance } from "./instance";
import { kubeconfigPath, writeKubeconfigs } from "./kubeconfig";
import { endNamespace, initFile, initProcess, inside, startNamespace } from "./namespace";
import type { ProcessIdentity } from "./processes";
import { services } from "./services";
import { containerdSocket } from "./services/containerRuntime";
import { NODE_PARTS, type NodeParts } from "./services/service";
import { Supervisor, type Outcomes } from "./supervisor";

/** Seconds until the node must be ready for pods, once all its servers are up. */
const READY_TIMEOUT = 90;

const MACHINE_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Makes a command end with the process that started it. */
const BOUND = ["setpriv", "--pdeathsig=TERM"] as const;

/** A whole Kubernetes node with OpenBao and the Doppler emulator, in namespaces of its own on this machine. */
export class EmbeddedNode {
  readonly instance: Instance;

  constructor(instance: Instance) {
    this.instance = instance;
  }

  /** Whether its namespaces exist. Single servers may have ended all the same: `start` brings them back. */
  async isRunning(): Promise<boolean> {
    return (await initProcess(this.instance)) !== undefined;
  }

  /** Credentials of its servers, made when there are none yet. */
  credentials(): Promise<Credentials> {
    return credentialsOf(this.instance);
  }

  /** Starts what is not running, and leaves everything else as it is. */
  async start(progress: Progress): Promise<void> {
    const parts = await obtainParts(NODE_PARTS, progress);
    const path = serverPath(parts);
    const { instance } = this;
    for (const folder of [instance.folder, instance.logs, instance.data, instance.configuration]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    }
    await withLock(join(instance.folder, "lock"), async () => {
      const { init } = await progress.step(
        "namespaces of the node",
        () => startNamespace(instance, parts.pause.path, path),
        ({ started }) => (started ? "made" : "were there"),
      );
      await makeCgroups(instance.cgroup);
      await progress.step(
        "servers of the node",
        () => this.#startServers(init, parts, path),
        describeOutcomes,
      );
      await this.importImages(progress, [await pauseImage(), await busyboxImage()]);
      await progress.step("node ready for pods", () => this.#untilReady(parts));
    });
  }

  async #startServers(init: ProcessIdentity, parts: NodeParts, path: string): Promise<Outcomes> {
    const { instance } = this;
    const credentials = await this.credentials();
    const certificates = await certificatesOf(instance, parts.openssl.path);
    await writeKubeconfigs(instance, credentials, certificates.server.certificate);
    const wanted = services({ instance, parts, credentials, certificates });
    return new Supervisor(instance, init, path).start(wanted);
  }

  async #untilReady({ kubectl }: NodeParts): Promise<void> {
    const kubeconfig = kubeconfigPath(this.instance, "admin");
    // The kubelet may not have registered the node yet, so its existence is waited for as well.
    for (const condition of ["create", "condition=Ready"]) {
      const { code, stderr } = await this.exec([
        ...[kubectl.path, `--kubeconfig=${kubeconfig}`, "wait", `node/${this.instance.name}`],
        ...[`--for=${condition}`, `--timeout=${READY_TIMEOUT}s`],
      ]);
      if (code === 0) continue;
      throw new Error(
        `the node is not ready for pods after ${READY_TIMEOUT} s: ${stderr.trim()}\n` +
          `The kubelet's reasons are in ${join(this.instance.logs, "kubelet.log")}`,
      );
    }
  }

  /** Imports images that are not there yet. */
  async importImages(progress: Progress, images: readonly Image[]): Promise<void> {
    const { path } = await obtainPart("containerd");
    const ctr = async (commandArguments: readonly string[]): Promise<string> => {
      const address = containerdSocket(this.instance);
      const [command, ...rest] = inside(await this.#init(), [
        ...[join(path, "ctr"), "--address", address, "--namespace", "k8s.io"],
        ...commandArguments,
      ]);
      return runOrThrow(command, rest);
    };
    for (const image of images) {
      await progress.step(
        `image ${image.reference}`,
        () => importImage(image, ctr),
        (imported) => (imported ? "imported" : "was there"),
      );
    }
  }

  /**
   * Runs a command inside the node, to its end, whatever its exit code.
   *
   * @param folder Working directory.
   */
  async exec(
    command: readonly string[],
    options: Omit<RunOptions, "cwd"> & { folder?: string } = {},
  ): Promise<Completed> {
    const { folder, ...rest } = options;
    // Whoever enters the node cannot pass signals on: the kernel tells the command when those before it have ended.
    const entered = inside(await this.#init(), [...BOUND, ...command], folder);
    const [program, ...commandArguments] = [...BOUND, ...entered];
    return run(program, commandArguments, rest);
  }

  /** A command line that runs a command inside the node. */
  async commandLine(command: readonly string[], folder: string): Promise<[string, ...string[]]> {
    return inside(await this.#init(), command, folder);
  }

  async #init(): Promise<ProcessIdentity> {
    const init = await initProcess(this.instance);
    if (init !== undefined) return init;
    throw new Error(`the embedded platform ${this.instance.name} is not running. Start it: npm run local`);
  }

  /**
   * Ends the node and everything in it, also after a crash, and deletes the cluster's data. Logs stay.
   *
   * @returns whether anything was running.
   */
  async stop(): Promise<boolean> {
    const { instance } = this;
    const wasRunning = await endNamespace(instance);
    await removeCgroups(instance.cgroup);
    const owned = [instance.data, instance.configuration, instance.processes, instance.sockets];
    for (const path of [...owned, instance.kubeconfig, initFile(instance)]) {
      await rm(path, { recursive: true, force: true });
    }
    // Other instances may have theirs beside it.
    await rmdir(dirname(instance.sockets)).catch(() => undefined);
    return wasRunning;
  }
}

/** PATH of the node's servers: their own executables first, then the machine's. */
function serverPath(parts: NodeParts): string {
  const folders = [
    parts.containerd.path,
    dirname(parts.runc.path),
    parts.iptables.path,
    dirname(parts.iproute2.path),
  ];
  return [...new Set([...folders, ...MACHINE_PATH])].join(delimiter);
}

function describeOutcomes(outcomes: Outcomes): string {
  const started = [...outcomes].filter(([, outcome]) => outcome === "started").map(([name]) => name);
  if (started.length === 0) return "all were running";
  return started.length === outcomes.size
    ? "started"
    : `started ${started.join(", ")}; the others were running`;
}
