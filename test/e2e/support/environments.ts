import { bookmarked, SHOP, WHOLE } from "./applications";
import assert from "node:assert/strict";
import { Embedded, PROJECT } from "./embedded";
import { PulumiStack } from "./pulumiStack";

/** The project's environments. */
export const ENVIRONMENTS = ["dev", "staging", "prd"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** Where an application's objects are in an environment. */
export function namespaceOf(application: string, environment: Environment): string {
  return environment === "prd" ? application : `${application}-${environment}`;
}

/** The stack of an environment, where dev owns the cluster that all of them share. */
function environmentStack(embedded: Embedded, environment: Environment): PulumiStack {
  const cluster = environment === "dev" ? { environments: [...ENVIRONMENTS] } : { owner: "dev" };
  const stack = new PulumiStack(environment, embedded, embedded.stackValues(environment, { cluster }));
  stack.application("bookmarked", bookmarked());
  stack.application("shop", SHOP);
  stack.application("whole", WHOLE);
  return stack;
}

/** A namespace that no application names. */
export const FOREIGN_NAMESPACE = "foreign-namespace";

/** A cluster with three environments: dev owns the operator and the shared store, staging and prd stand beside it. */
export interface EnvironmentsCluster {
  embedded: Embedded;
  stacks: Record<Environment, PulumiStack>;
  /** A value of each config that is found nowhere else: JWT_SECRET, and SENTRY_DSN of the shared one. */
  canaries: ReadonlyMap<Environment | "shared", string>;
  /** Updates a stack, and gives what was printed. @throws AssertionError with it when the update fails */
  up: (environment: Environment) => Promise<string>;
  /** Removes the stacks' files. */
  remove: () => void;
}

let made: Promise<EnvironmentsCluster> | undefined;

/** The same cluster for every file of tests: what one changes, the next one finds. */
export function environmentsCluster(): Promise<EnvironmentsCluster> {
  return (made ??= makeCluster());
}

async function makeCluster(): Promise<EnvironmentsCluster> {
  const embedded = await Embedded.connect();
  const canaries = new Map<Environment | "shared", string>();
  for (const config of [...ENVIRONMENTS, "shared" as const]) {
    const canary = `canary-${config}-${crypto.randomUUID()}`;
    canaries.set(config, canary);
    const name = config === "shared" ? "SENTRY_DSN" : "JWT_SECRET";
    await embedded.doppler.setSecret(PROJECT, config, name, canary);
  }
  const stacks = {
    dev: environmentStack(embedded, "dev"),
    staging: environmentStack(embedded, "staging"),
    prd: environmentStack(embedded, "prd"),
  };
  for (const stack of Object.values(stacks)) await stack.create();
  await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: FOREIGN_NAMESPACE } });
  return {
    embedded,
    stacks,
    canaries,
    up: async (environment) => {
      const { code, output } = await stacks[environment].up();
      assert.equal(code, 0, output);
      return output;
    },
    remove: () => {
      for (const stack of Object.values(stacks)) stack.remove();
    },
  };
}
