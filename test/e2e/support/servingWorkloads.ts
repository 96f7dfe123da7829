import { BUSYBOX_IMAGE } from "../../../local/images/catalogue";
import { Embedded, eventually } from "./embedded";

const KINDS = ["Deployment", "DaemonSet", "StatefulSet"] as const;
type Kind = (typeof KINDS)[number];

interface ServiceBody {
  spec: { clusterIP: string };
}

/** Seconds that a pod goes on serving after it was told to end, until nothing is sent to it any more. */
const DRAIN_SECONDS = 4;

/**
 * A Deployment, a DaemonSet and a StatefulSet of two that serve a value of their environment, as applications do that
 * are rolled without an interruption: ready before they are sent anything, and drained before they end.
 */
export class ServingWorkloads {
  private readonly addresses = new Map<Kind, string>();

  /** @param variable whose value is served, from the Secret `secret` */
  constructor(
    private readonly embedded: Embedded,
    private readonly namespace: string,
    private readonly name: string,
    private readonly secret: string,
    private readonly variable: string,
  ) {}

  async create(): Promise<void> {
    const { cluster } = this.embedded;
    for (const kind of KINDS) {
      const labels = { app: this.name, kind: kind.toLowerCase() };
      const service = await cluster.create<ServiceBody>(`/api/v1/namespaces/${this.namespace}/services`, {
        metadata: { name: `${this.name}-${kind.toLowerCase()}` },
        spec: { selector: labels, ports: [{ port: 8080 }] },
      });
      this.addresses.set(kind, `http://${service.spec.clusterIP}:8080/`);
      await cluster.create(`/apis/apps/v1/namespaces/${this.namespace}/${kind.toLowerCase()}s`, {
        metadata: { name: this.name },
        spec: {
          selector: { matchLabels: labels },
          template: this.template(labels),
          ...strategyOf(kind, this.name),
        },
      });
    }
    for (const kind of KINDS) {
      await eventually(`${kind} serves`, 60, async () => (await this.served(kind)) !== undefined);
    }
  }

  /** The value that a workload serves; undefined: nothing answers. */
  async served(kind: Kind): Promise<string | undefined> {
    try {
      const response = await fetch(this.addresses.get(kind) ?? "", {
        signal: AbortSignal.timeout(2_000),
        // A connection that is kept would hide that nothing takes new ones.
        headers: { connection: "close" },
      });
      return response.ok ? (await response.text()).trim() : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Asks every workload all the time until each serves a value.
   * @returns how often each was asked, and how often nothing answered
   */
  async watchUntil(value: string, seconds: number): Promise<{ kind: Kind; asked: number; failed: number }[]> {
    const deadline = Date.now() + seconds * 1000;
    return Promise.all(
      KINDS.map(async (kind) => {
        let asked = 0;
        let failed = 0;
        // Of two pods one may serve the new value before the other: ten answers in a row count.
        for (let same = 0; same < 10;) {
          const served = await this.served(kind);
          asked += 1;
          if (served === undefined) failed += 1;
          same = served === value ? same + 1 : 0;
          if (Date.now() > deadline)
            throw new Error(`${kind} does not serve the new value after ${seconds} s`);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return { kind, asked, failed };
      }),
    );
  }

  private template(labels: Record<string, string>): object {
    return {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 10,
        containers: [
          {
            name: "serve",
            image: BUSYBOX_IMAGE,
            imagePullPolicy: "Never",
            command: [
              "sh",
              "-c",
              `mkdir -p /tmp/www && printf %s "$${this.variable}" > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www`,
            ],
            envFrom: [{ secretRef: { name: this.secret } }],
            readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
            lifecycle: { preStop: { exec: { command: ["sleep", String(DRAIN_SECONDS)] } } },
          },
        ],
      },
    };
  }
}

/** Each keeps a pod serving while another one starts. */
function strategyOf(kind: Kind, name: string): object {
  if (kind === "Deployment") {
    return {
      replicas: 1,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    };
  }
  if (kind === "DaemonSet") {
    return { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
  }
  return { replicas: 2, serviceName: name };
}
