import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { credentialFile } from "./node/credentials";
import { CHECKOUT, currentInstance, instanceNamed } from "./node/instance";
import { EmbeddedNode } from "./node/node";
import { obtainPart, type PartName } from "./parts";
import type { Completed, RunOptions } from "./process/run";
import { EMBEDDED_STACK, embeddedTarget } from "./stack/embedded";
import { engineBin } from "./stack/engine";
import { commandEnvironment, type EnvironmentOptions } from "./stack/environment";
import { Pulumi } from "./stack/pulumi";
import type { Target } from "./stack/target";

/** Options of a command that runs inside the platform. */
export type ExecOptions = Omit<RunOptions, "cwd" | "environment"> & {
  /** Working directory. Default: the checkout. */
  folder?: string;
  /** Over the platform's own environment; undefined takes a variable away. */
  variables?: Record<string, string | undefined>;
};

/** The embedded platform of an instance: the node, and what is needed to work with its stack. */
export class Platform {
  readonly node: EmbeddedNode;

  /** @param name Name of the instance. Default: that of this checkout. */
  constructor(name?: string) {
    this.node = new EmbeddedNode(name === undefined ? currentInstance() : instanceNamed(name));
  }

  /** The stack on this cluster, with its addresses and credentials. */
  target(): Promise<Target> {
    return embeddedTarget(this.node);
  }

  /** What the environment of every command here is made of. */
  async environmentOptions(): Promise<EnvironmentOptions> {
    const { instance } = this.node;
    return {
      target: await this.target(),
      home: instance.pulumiHome,
      backend: instance.backend,
      passphraseFile: credentialFile(instance, "passphrase"),
      folders: await toolFolders(instance.pulumiHome),
    };
  }

  /** The whole environment of a command inside: Pulumi, the cluster, Doppler and OpenBao, credentials included. */
  async environment(): Promise<NodeJS.ProcessEnv> {
    return commandEnvironment(await this.environmentOptions());
  }

  /** Whether the stack of this cluster was made, if only in part. */
  hasStack(): Promise<boolean> {
    const state = join(this.node.instance.backend, ".pulumi", "stacks", "secrets-platform");
    return access(join(state, `${EMBEDDED_STACK}.json`)).then(
      () => true,
      () => false,
    );
  }

  /** Runs a command inside, such as `["kubectl", "get", "pods", "-A"]`, to its end, whatever its exit code. */
  async exec(command: readonly string[], options: ExecOptions = {}): Promise<Completed> {
    const { folder = CHECKOUT, variables = {}, ...rest } = options;
    const environment = { ...(await this.environment()), ...variables };
    return this.node.exec(command, { ...rest, folder, environment });
  }

  /** The Pulumi CLI of this platform. */
  async pulumi(): Promise<Pulumi> {
    const { instance } = this.node;
    return new Pulumi({
      executable: join(engineBin(instance.pulumiHome), "pulumi"),
      runner: (command, options) => this.node.exec(command, options),
      environment: await this.environment(),
      backend: instance.backend,
    });
  }
}

/** Clients that people use inside. */
const CLIENTS = ["kubectl", "doppler", "openbao"] as const satisfies readonly PartName[];

/**
 * Folders of the tools that commands of people and of Pulumi use: the engine first, then clients, then Node.
 *
 * @param home Pulumi home with the engine.
 */
export async function toolFolders(home: string, clients: readonly PartName[] = CLIENTS): Promise<string[]> {
  const parts = await Promise.all(clients.map(obtainPart));
  const executables = join(CHECKOUT, "node_modules", ".bin");
  // Node comes before the folders of clients found on this machine, which may hold a Node of their own.
  return [...new Set([engineBin(home), executables, ...parts.map(({ path }) => dirname(path))])];
}
