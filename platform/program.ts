import * as pulumi from "@pulumi/pulumi";
import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { loadProject } from "../config/loading";
import { ConfigurationError } from "../config/problem";
import { OutputValue, stackOutputs } from "../plan/outputs";
import { Plan, planStack } from "../plan/plan";
import { SecretsPlatform } from "./secretsPlatform";
import { preflight } from "../preflight/preflight";
import { PreflightError } from "../preflight/problem";
import { dopplerToken, stackValues } from "./stackValues";

/**
 * The program of every stack: reads and checks the configuration and the application files, looks at Doppler and at
 * the cluster, and only then declares the platform.
 * @returns the stack's outputs
 */
export async function runStack(): Promise<Record<string, OutputValue>> {
  try {
    const plan = planOfStack();
    const token = await dopplerToken();
    const doppler = new DopplerClient({ host: plan.configuration.doppler.host, token });
    const cluster = once(() => KubernetesClient.load(plan.configuration.kubernetes));
    for (const message of await preflight(plan, doppler, cluster)) await pulumi.log.warn(message);

    new SecretsPlatform("platform", {
      plan,
      dopplerToken: pulumi.secret(token),
      clients: { doppler: () => Promise.resolve(doppler), cluster },
    });
    return stackOutputs(plan);
  } catch (error) {
    // What a person can mend is told without a stack trace.
    if (error instanceof ConfigurationError || error instanceof PreflightError) {
      throw new pulumi.RunError(error.message);
    }
    throw error;
  }
}

function planOfStack(): Plan {
  const stack = pulumi.getStack();
  const { configuration, applications } = loadProject({
    stack,
    values: stackValues(),
    folder: process.cwd(),
  });
  const identity = {
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack,
    environment: configuration.environment,
  };
  return planStack(identity, configuration, applications);
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => (made ??= make());
}
