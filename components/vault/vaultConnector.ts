import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as vault from "@pulumi/vault";
import { OwnedMetadata } from "../identity";
import { reviewerName } from "./names";
import { vaultConnectionManifest } from "./vaultConnection";

/** Arguments of {@link VaultConnector}. */
export interface VaultConnectorArgs {
  /** Namespace of the operator, where no application can change what is made here. */
  namespace: string;
  /** Name of the VaultConnection; what belongs to it is named after it. */
  connection: string;
  /** Vault's address as the operator's pods reach it. */
  address: string;
  /** Authority of Vault's certificate, PEM. */
  caCertificate?: string | undefined;
  /** The kubernetes auth method to configure; none: one that somebody else configured is used as it is. */
  auth?: {
    path: string;
    /** Address of the API server as Vault reaches it. */
    kubernetesHost: string;
    /** Whether Vault runs as a pod of this cluster, and reviews tokens with its own ServiceAccount. */
    inCluster: boolean;
  };
  metadata: OwnedMetadata;
  /** What must be there first: the namespace, the operator, the auth method. */
  dependsOn: pulumi.Resource[];
}

/** The ClusterRole of Kubernetes that lets a ServiceAccount ask whose token it was shown. */
const REVIEWER_ROLE = "system:auth-delegator";

/** The two directions between a cluster and Vault: how the operator finds it, and how it asks the cluster whose tokens are good. */
export class VaultConnector extends pulumi.ComponentResource {
  readonly connection: kubernetes.apiextensions.CustomResource;
  /** What a login needs. */
  readonly dependencies: pulumi.Resource[];

  constructor(name: string, args: VaultConnectorArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:vault:VaultConnector", name, {}, options);
    const { namespace, connection, address, metadata, dependsOn } = args;

    const authority = args.caCertificate
      ? new kubernetes.core.v1.Secret(
          `${name}-ca`,
          {
            metadata: { name: `${connection}-ca`, namespace, ...metadata },
            stringData: { "ca.crt": args.caCertificate },
          },
          { parent: this, dependsOn },
        )
      : undefined;
    this.connection = new kubernetes.apiextensions.CustomResource(
      name,
      vaultConnectionManifest({
        name: connection,
        namespace,
        metadata,
        address,
        caCertificateSecret: authority && `${connection}-ca`,
      }),
      {
        parent: this,
        customTimeouts: { delete: "2m" },
        dependsOn: [...dependsOn, ...(authority ? [authority] : [])],
      },
    );
    this.dependencies = [this.connection, ...(args.auth ? [this.configureAuth(name, args, args.auth)] : [])];

    this.registerOutputs({});
  }

  private configureAuth(
    name: string,
    args: VaultConnectorArgs,
    { path, kubernetesHost, inCluster }: NonNullable<VaultConnectorArgs["auth"]>,
  ): pulumi.Resource {
    const token = inCluster ? undefined : this.reviewerToken(name, args);
    return new vault.kubernetes.AuthBackendConfig(
      `${name}-auth`,
      {
        backend: path,
        kubernetesHost,
        ...(token
          ? {
              kubernetesCaCert: decoded(token, "ca.crt"),
              tokenReviewerJwt: pulumi.secret(decoded(token, "token")),
              disableLocalCaJwt: true,
            }
          : { disableLocalCaJwt: false }),
      },
      { parent: this, dependsOn: args.dependsOn },
    );
  }

  /** An identity that may do nothing but review tokens, with a token that does not run out. */
  private reviewerToken(
    name: string,
    { namespace, connection, metadata, dependsOn }: VaultConnectorArgs,
  ): kubernetes.core.v1.Secret {
    const reviewer = reviewerName(connection);
    const account = new kubernetes.core.v1.ServiceAccount(
      `${name}-reviewer`,
      { metadata: { name: reviewer, namespace, ...metadata }, automountServiceAccountToken: false },
      { parent: this, dependsOn },
    );
    new kubernetes.rbac.v1.ClusterRoleBinding(
      `${name}-reviewer`,
      {
        metadata: { name: `secrets-platform-${reviewer}`, ...metadata },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: REVIEWER_ROLE },
        subjects: [{ kind: "ServiceAccount", name: reviewer, namespace }],
      },
      { parent: this, dependsOn: account },
    );
    return new kubernetes.core.v1.Secret(
      `${name}-reviewer-token`,
      {
        type: "kubernetes.io/service-account-token",
        metadata: {
          name: reviewer,
          namespace,
          labels: metadata.labels,
          annotations: { ...metadata.annotations, "kubernetes.io/service-account.name": reviewer },
        },
      },
      { parent: this, dependsOn: account },
    );
  }
}

/** One value of a Secret. */
function decoded(secret: kubernetes.core.v1.Secret, key: string): pulumi.Output<string> {
  return secret.data.apply((data) => Buffer.from(data[key] ?? "", "base64").toString("utf8"));
}
