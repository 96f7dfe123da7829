import { randomBytes } from "node:crypto";
import { VaultUnreachable, sendToVault } from "../../../clients/vaultHttp";
import { OPENBAO_IMAGE } from "../../../local/images/catalogue";
import { Embedded, eventually } from "./embedded";

const NAMESPACE = "openbao";

/** OpenBao as a pod of the cluster, with a ServiceAccount that may review tokens. Its data is in its memory. */
export class OpenBaoPod {
  readonly token = randomBytes(16).toString("hex");
  private clusterAddress = "";

  constructor(private readonly embedded: Embedded) {}

  /** Its Service's address, which pods and the node reach. */
  get address(): string {
    return this.clusterAddress;
  }

  async create(): Promise<void> {
    const { cluster } = this.embedded;
    const namespaced = `namespaces/${NAMESPACE}`;
    const labels = { app: "openbao" };
    await cluster.create("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
    await cluster.create(`/api/v1/${namespaced}/serviceaccounts`, { metadata: { name: "openbao" } });
    await cluster.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      metadata: { name: "openbao-reviews-tokens" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:auth-delegator" },
      subjects: [{ kind: "ServiceAccount", name: "openbao", namespace: NAMESPACE }],
    });
    await cluster.create(`/api/v1/${namespaced}/secrets`, {
      metadata: { name: "root" },
      stringData: { token: this.token },
    });
    const { spec } = await cluster.create<{ spec: { clusterIP: string } }>(`/api/v1/${namespaced}/services`, {
      metadata: { name: "openbao" },
      spec: { selector: labels, ports: [{ port: 8200 }] },
    });
    this.clusterAddress = `http://${spec.clusterIP}:8200`;
    await cluster.create(`/apis/apps/v1/${namespaced}/deployments`, {
      metadata: { name: "openbao" },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: this.podSpec() } },
    });
    await eventually("OpenBao answers as a pod", 90, () =>
      sendToVault({ address: this.address }, "GET", "sys/health").then(
        ({ status }) => status === 200,
        (error: unknown) => {
          if (error instanceof VaultUnreachable) return false;
          throw error;
        },
      ),
    );
  }

  async put(path: string, data: Record<string, string>): Promise<void> {
    const { address, token } = this;
    const { status } = await sendToVault({ address, token }, "POST", `secret/data/${path}`, { data });
    if (status !== 200) throw new Error(`OpenBao answers ${status} to a write`);
  }

  async remove(): Promise<void> {
    await this.embedded.cluster.delete(
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/openbao-reviews-tokens",
    );
    await this.embedded.removeNamespaces([NAMESPACE]);
  }

  private podSpec(): object {
    return {
      serviceAccountName: "openbao",
      containers: [
        {
          name: "openbao",
          image: OPENBAO_IMAGE,
          imagePullPolicy: "Never",
          args: ["server", "-dev", "-dev-no-store-token", "-dev-listen-address=0.0.0.0:8200"],
          env: [
            { name: "HOME", value: "/tmp" },
            {
              name: "BAO_DEV_ROOT_TOKEN_ID",
              valueFrom: { secretKeyRef: { name: "root", key: "token" } },
            },
          ],
          readinessProbe: { httpGet: { path: "/v1/sys/health", port: 8200 }, periodSeconds: 1 },
        },
      ],
    };
  }
}
