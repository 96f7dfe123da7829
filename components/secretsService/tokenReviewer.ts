import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { objectMetadata, serverAccountName, ServiceSettings } from "./layout";

/** The right to ask the apiserver whose a token is, and no other. */
export class TokenReviewer extends pulumi.ComponentResource {
  constructor(name: string, settings: ServiceSettings, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:secretsService:TokenReviewer", name, {}, options);

    // Both are in no namespace, where the name alone is not unique.
    const clusterName = `${settings.namespace}:${settings.name}:token-reviews`;
    const { labels, annotations } = objectMetadata(settings);
    const metadata = { name: clusterName, labels, annotations };
    const role = new kubernetes.rbac.v1.ClusterRole(
      clusterName,
      {
        metadata,
        rules: [{ apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] }],
      },
      { parent: this },
    );
    new kubernetes.rbac.v1.ClusterRoleBinding(
      clusterName,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterName },
        subjects: [
          { kind: "ServiceAccount", name: serverAccountName(settings.name), namespace: settings.namespace },
        ],
      },
      { parent: this, dependsOn: [role] },
    );

    this.registerOutputs({});
  }
}
