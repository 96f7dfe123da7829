import * as pulumi from "@pulumi/pulumi";
import type { populationJobManifest } from "./populationJob";

/** Arguments of {@link Population}. */
export interface PopulationArgs {
  /** The Job that writes the values. */
  job: ReturnType<typeof populationJobManifest>;
  /** The KV v2 mount, and the path below it. */
  mount: string;
  path: string;
  /** Longest time that the Job gets, in seconds. */
  timeoutSeconds: number;
}

/** Real values for a secret in Vault that holds made-up ones, written by a Job: once, whatever happens to it later. */
export class Population extends pulumi.CustomResource {
  constructor(name: string, args: PopulationArgs, options?: pulumi.CustomResourceOptions) {
    super("secrets-platform:vault:Population", name, { ...args, populated: undefined }, options);
  }
}
