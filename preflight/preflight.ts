import { DopplerClient } from "../clients/doppler";
import {
  ClusterUnreachable,
  KubeconfigError,
  KubernetesClient,
  KubernetesError,
} from "../clients/kubernetes";
import { Plan } from "../plan/plan";
import { planVault } from "../plan/vault";
import { checkCluster, ClusterVerdict } from "./cluster";
import { checkDoppler } from "./doppler";
import { PreflightError, PreflightProblem } from "./problem";
import { checkVault, VaultClients, VaultFindings, VaultVerdict } from "./vault";

/** Connections to what is looked at, made on first use. */
export interface PreflightClients {
  doppler: DopplerClient;
  cluster: () => Promise<KubernetesClient>;
  /** None: the stack uses no Vault. */
  vault?: VaultClients | undefined;
}

/** What was found before an update, and nothing stands in its way. */
export interface PreflightFindings {
  /** What people should know: objects made by hand that the stack takes over, values that are still made up. */
  messages: string[];
  /** None: the stack uses no Vault. */
  vault?: VaultFindings | undefined;
}

/**
 * Looks, before a preview or an update, at everything that could make it fail half-way.
 * @throws PreflightError with everything that was found, on all sides
 */
export async function preflight(plan: Plan, clients: PreflightClients): Promise<PreflightFindings> {
  const [dopplerProblems, verdict, vault] = await Promise.all([
    checkDoppler(plan, clients.doppler),
    clusterVerdict(plan, clients.cluster),
    vaultVerdict(plan, clients),
  ]);
  const problems = [...dopplerProblems, ...verdict.problems, ...vault.problems];
  if (problems.length > 0) throw new PreflightError(problems);
  return { messages: [...verdict.adopted, ...vault.messages], vault: vault.findings };
}

async function vaultVerdict(plan: Plan, clients: PreflightClients): Promise<VaultVerdict> {
  const vault = planVault(plan);
  if (!vault || !clients.vault) return { problems: [], messages: [] };
  try {
    return await checkVault(plan, vault, clients.vault, clients.cluster);
  } catch (error) {
    return { problems: [clusterProblem(error)], messages: [] };
  }
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
