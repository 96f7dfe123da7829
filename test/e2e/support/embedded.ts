import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { KubernetesClient, KubernetesObject } from "../../../clients/kubernetes";
import { DopplerEmulatorClient } from "../../../local/doppler/client";
import { Platform } from "../../../local/platform";
import type { Target } from "../../../local/stack/target";
import { ExternalSecretBody } from "../../../provider/resources/externalSecretStatus";
import { StackValues } from "./pulumiStack";

/** The Doppler project of the example data. */
export const PROJECT = "example";

interface SecretBody {
  data?: Record<string, string>;
  type: string;
}

/** The embedded platform as the tests use it, from inside its namespaces. */
export class Embedded {
  private constructor(
    readonly target: Target,
    readonly cluster: KubernetesClient,
    readonly doppler: DopplerEmulatorClient,
    /** Everything that any command printed. */
    readonly transcript: string,
    /** Logs of every server. */
    readonly logs: string,
    /** Pulumi's state. */
    readonly backend: string,
  ) {}

  static async connect(): Promise<Embedded> {
    const platform = new Platform();
    const target = await platform.target();
    const { logs, backend } = platform.node.instance;
    mkdirSync(logs, { recursive: true });
    return new Embedded(
      target,
      await KubernetesClient.load(target.kubernetes),
      new DopplerEmulatorClient(target.doppler.host, target.doppler.token),
      join(logs, "tests-transcript.log"),
      logs,
      backend,
    );
  }

  /** Configuration of a stack on this platform. */
  stackValues(environment: string, changes: StackValues = {}): StackValues {
    const { kubernetes, doppler, chart, vaultChart } = this.target;
    return {
      environment,
      kubernetes,
      doppler: { project: PROJECT, host: doppler.host },
      externalSecrets: chart,
      vaultSecretsOperator: vaultChart,
      synchronizationTimeoutSeconds: 30,
      ...changes,
    };
  }

  /** The values of a Secret, or undefined when it is not there. */
  async secretValues(namespace: string, name: string): Promise<Record<string, string> | undefined> {
    const secret = await this.cluster.get<SecretBody>(`/api/v1/namespaces/${namespace}/secrets/${name}`);
    if (!secret) return undefined;
    return Object.fromEntries(
      Object.entries(secret.data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, "base64").toString("utf8"),
      ]),
    );
  }

  externalSecret(namespace: string, name: string): Promise<KubernetesObject<ExternalSecretBody> | undefined> {
    return this.cluster.get<ExternalSecretBody>(
      `/apis/external-secrets.io/v1/namespaces/${namespace}/externalsecrets/${name}`,
    );
  }

  /** Names of all namespaces. */
  async namespaces(): Promise<string[]> {
    return (await this.cluster.list("/api/v1/namespaces")).map((namespace) => namespace.metadata.name).sort();
  }

  /** Deletes namespaces with all that is in them, and waits until they are gone. */
  async removeNamespaces(names: string[]): Promise<void> {
    for (const name of names) await this.cluster.delete(`/api/v1/namespaces/${name}`);
    await eventually(`no namespace ${names.join(", ")}`, 60, async () => {
      const left = await this.namespaces();
      return !names.some((name) => left.includes(name));
    });
  }

  /** Names of a config's live service tokens. */
  async tokenNames(config: string): Promise<string[]> {
    const tokens = await this.doppler.tokens();
    return tokens.filter((token) => token.config === config).map((token) => token.name);
  }
}

/** Polls until `condition` holds. @throws Error with `what` when it does not within the time */
export async function eventually(
  what: string,
  seconds: number,
  condition: () => Promise<boolean>,
): Promise<number> {
  const start = Date.now();
  while (!(await condition())) {
    if (Date.now() - start > seconds * 1000) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return (Date.now() - start) / 1000;
}
