import * as pulumi from "@pulumi/pulumi";
import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { loadProject } from "../config/loading";
import type { Project } from "../config/loading";
import { ConfigurationError } from "../config/problem";
import { OutputValue, stackOutputs } from "../plan/outputs";
import { Plan, planStack } from "../plan/plan";
import { deployerEnvironment } from "./deployerEnvironment";
import { SecretsPlatform } from "./secretsPlatform";
import { preflight } from "../preflight/preflight";
import { PreflightError } from "../preflight/problem";
import { once } from "./once";
import { DOPPLER_TOKEN, secretSetting, stackValues } from "./stackValues";
import { vaultSession } from "./vaultAccess";

/**
 * The program of every stack: reads and checks the configuration and the application files, looks at Doppler and at
 * the cluster, and only then declares the platform.
 * @returns the stack's outputs
 */
export async function runStack(): Promise<Record<string, OutputValue>> {
  try {
    const folder = process.cwd();
    const project = loadProject({ stack: pulumi.getStack(), values: stackValues(), folder });
    const plan = planOfStack(project);
    const environment = await deployerEnvironment(project, folder);
    const token = await secretSetting(DOPPLER_TOKEN);
    const doppler = new DopplerClient({ host: plan.configuration.doppler.host, token });
    const cluster = once(() => KubernetesClient.load(plan.configuration.kubernetes));
    const vault = plan.configuration.vault && vaultSession(plan.configuration.vault);
    const findings = await preflight(plan, { doppler, cluster, vault });
    for (const message of findings.messages) await pulumi.log.warn(message);

    new SecretsPlatform("platform", {
      plan,
      environment,
      dopplerToken: pulumi.secret(token),
      kubernetesHost: plan.configuration.vault?.kubernetesHost ?? (await cluster()).address,
      clients: { doppler: () => Promise.resolve(doppler), cluster },
      ...(findings.vault && { vaultFindings: findings.vault }),
      ...(vault && findings.vault?.state === "ready" && { vault: await vault.access() }),
    });
    return stackOutputs(plan, findings.vault?.state);
  } catch (error) {
    // What a person can mend is told without a stack trace.
    if (error instanceof ConfigurationError || error instanceof PreflightError) {
      throw new pulumi.RunError(error.message);
    }
    throw error;
  }
}

function planOfStack({ configuration, applications }: Project): Plan {
  const identity = {
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: configuration.stack,
    environment: configuration.environment,
  };
  return planStack(identity, configuration, applications);
}
