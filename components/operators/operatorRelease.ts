import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { OwnedMetadata } from "../identity";
import type { ChartValues } from "./chartValues";
import type { Operator } from "./operator";

/** What installing an operator takes. */
export interface OperatorReleaseArgs {
  namespace: string;
  /** Exact version of the chart. */
  version: string;
  /** The chart's name in the repository, or the path of a chart on disk. */
  chart: string;
  /** Chart repository; none for a chart on disk. */
  repository?: string | undefined;
  /** Values over the production values. */
  values: ChartValues;
  metadata: OwnedMetadata;
  /** Runs before a release is created: removes what an interrupted install left behind. */
  beforeCreate: pulumi.ResourceHook;
  /** Runs before a release is updated: removes what an interrupted upgrade left behind. */
  beforeUpdate: pulumi.ResourceHook;
  /** What must be there first: the namespace. */
  dependsOn?: pulumi.Resource[];
}

/** An operator from its Helm chart, and the ConfigMap that tells whose it is. */
export abstract class OperatorRelease extends pulumi.ComponentResource {
  readonly release: kubernetes.helm.v3.Release;

  /** @param values all values of the chart */
  protected constructor(
    type: string,
    name: string,
    operator: Operator,
    args: OperatorReleaseArgs,
    values: ChartValues,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, options);

    const marker = new kubernetes.core.v1.ConfigMap(
      `${name}-owner`,
      {
        metadata: { name: operator.marker, namespace: args.namespace, ...args.metadata },
        data: { purpose: `Names the stack that owns ${operator.title} in this cluster.` },
      },
      { parent: this, dependsOn: args.dependsOn ?? [] },
    );

    this.release = new kubernetes.helm.v3.Release(
      name,
      {
        name: operator.release,
        namespace: args.namespace,
        chart: args.chart,
        version: args.version,
        ...(args.repository ? { repositoryOpts: { repo: args.repository } } : {}),
        values,
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
