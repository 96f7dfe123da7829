import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { OwnedMetadata } from "../identity";
import { ChartValues, mergeValues, productionValues, withDopplerAddress } from "./operatorValues";

/** Name of the Helm release. Fixed: the kept CRDs belong to a release of this name and namespace. */
export const RELEASE_NAME = "external-secrets";

/** The ConfigMap in the operator's namespace that tells which stack owns the operator. */
export const OWNER_MARKER_NAME = "secrets-platform-owner";

/** Arguments of {@link ExternalSecretsOperator}. */
export interface ExternalSecretsOperatorArgs {
  namespace: string;
  /** Exact version of the chart. */
  version: string;
  /** The chart's name in the repository, or the path of a chart on disk. */
  chart: string;
  /** Chart repository; none for a chart on disk. */
  repository?: string | undefined;
  /** Values over the production values. */
  values: ChartValues;
  /** Base URL of Doppler's API, without a trailing slash, for the operator. */
  dopplerHost: string;
  metadata: OwnedMetadata;
  /** Runs before a release is created: removes what an interrupted install left behind. */
  beforeCreate: pulumi.ResourceHook;
  /** Runs before a release is updated: removes what an interrupted upgrade left behind. */
  beforeUpdate: pulumi.ResourceHook;
  /** What must be there first: the namespace. */
  dependsOn?: pulumi.Resource[];
}

/** External Secrets Operator from its Helm chart, with CRDs that outlive it. */
export class ExternalSecretsOperator extends pulumi.ComponentResource {
  readonly release: kubernetes.helm.v3.Release;

  constructor(name: string, args: ExternalSecretsOperatorArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:externalSecrets:ExternalSecretsOperator", name, {}, options);

    const marker = new kubernetes.core.v1.ConfigMap(
      `${name}-owner`,
      {
        metadata: { name: OWNER_MARKER_NAME, namespace: args.namespace, ...args.metadata },
        data: { purpose: "Names the stack that owns External Secrets Operator in this cluster." },
      },
      { parent: this, dependsOn: args.dependsOn ?? [] },
    );

    this.release = new kubernetes.helm.v3.Release(
      name,
      {
        name: RELEASE_NAME,
        namespace: args.namespace,
        chart: args.chart,
        version: args.version,
        ...(args.repository ? { repositoryOpts: { repo: args.repository } } : {}),
        values: withDopplerAddress(mergeValues(productionValues(), args.values), args.dopplerHost),
        // A first install that fails and stays cannot be repaired by the next update.
        atomic: true,
        timeout: 300,
        maxHistory: 3,
      },
      {
        parent: this,
        dependsOn: [marker],
        hooks: { beforeCreate: [args.beforeCreate], beforeUpdate: [args.beforeUpdate] },
        customTimeouts: { create: "10m", update: "10m", delete: "5m" },
      },
    );

    this.registerOutputs({});
  }
}
