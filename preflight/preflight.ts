import { DopplerClient } from "../clients/doppler";
import {
  ClusterUnreachable,
  KubeconfigError,
  KubernetesClient,
  KubernetesError,
} from "../clients/kubernetes";
import { Plan } from "../plan/plan";
import { checkCluster, ClusterVerdict } from "./cluster";
import { checkDoppler } from "./doppler";
import { PreflightError, PreflightProblem } from "./problem";

/**
 * Looks, before a preview or an update, at everything that could make it fail half-way.
 * @returns messages about objects made by hand that the stack takes over
 * @throws PreflightError with everything that was found, on both sides
 */
export async function preflight(
  plan: Plan,
  doppler: DopplerClient,
  cluster: () => Promise<KubernetesClient>,
): Promise<string[]> {
  const [dopplerProblems, verdict] = await Promise.all([
    checkDoppler(plan, doppler),
    clusterVerdict(plan, cluster),
  ]);
  const problems = [...dopplerProblems, ...verdict.problems];
  if (problems.length > 0) throw new PreflightError(problems);
  return verdict.adopted;
}

async function clusterVerdict(plan: Plan, cluster: () => Promise<KubernetesClient>): Promise<ClusterVerdict> {
  try {
    return await checkCluster(plan, await cluster());
  } catch (error) {
    return { problems: [clusterProblem(error)], adopted: [] };
  }
}

function clusterProblem(error: unknown): PreflightProblem {
  const subject = "Kubernetes";
  if (error instanceof ClusterUnreachable || error instanceof KubeconfigError) {
    return {
      subject,
      found: error.message,
      remedy:
        "Check kubernetes.context in the stack's configuration, the kubeconfig, and that the cluster is up.",
    };
  }
  if (error instanceof KubernetesError) {
    return {
      subject,
      found: `the API server answers ${error.status}: ${error.message}`,
      remedy:
        error.status === 401 || error.status === 403
          ? "Use credentials that may list and change what the stack makes: see docs/operations.md."
          : "Run the command again once the API server is well.",
    };
  }
  throw error;
}
