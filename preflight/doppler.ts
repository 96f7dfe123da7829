/** Checks, before anything is made, that what the applications ask of Doppler is there. */
import { DopplerClient, DopplerError } from "../clients/doppler";
import { nearestName } from "../config/suggestion";
import { dopplerSecrets, Plan, PlannedStore } from "../plan/plan";
import { PreflightProblem } from "./problem";

/** What is wrong on Doppler's side, all at once; empty when all is well. Names are read, values never. */
export async function checkDoppler(plan: Plan, client: DopplerClient): Promise<PreflightProblem[]> {
  const { project, host } = plan.configuration.doppler;
  if (plan.stores.length === 0) return [];
  let configs: string[];
  try {
    configs = await client.configs(project);
  } catch (error) {
    return [projectProblem(error, project, host)];
  }
  const problems = await Promise.all(plan.stores.map((store) => checkStore(plan, client, store, configs)));
  return problems.flat();
}

async function checkStore(
  plan: Plan,
  client: DopplerClient,
  store: PlannedStore,
  configs: readonly string[],
): Promise<PreflightProblem[]> {
  const { project, host } = plan.configuration.doppler;
  if (!configs.includes(store.config)) {
    return [
      {
        subject: `Doppler config "${store.config}"`,
        found: `project "${project}" has no such config; it has ${configs.join(", ") || "none"}`,
        remedy: "Create it in Doppler, or name another one in doppler.config or in the application's file.",
      },
    ];
  }
  let names: string[];
  try {
    names = await client.secretNames(project, store.config);
  } catch (error) {
    return [configProblem(error, project, store.config, host)];
  }
  return store.names
    .filter((name) => !names.includes(name))
    .map((name) => {
      const guess = nearestName(name, names);
      return {
        subject: `Doppler secret "${name}"`,
        found: `config "${store.config}" of project "${project}" has no secret of this name`,
        remedy:
          `${applicationsThatRead(plan, store.config, name)} asks for it: ` +
          `add it in Doppler, or correct the application's file${guess ? ` (did you mean ${guess}?)` : ""}.`,
      };
    });
}

function applicationsThatRead(plan: Plan, config: string, name: string): string {
  return plan.applications
    .filter((application) =>
      dopplerSecrets(application).some(
        (secret) => secret.config === config && Object.values(secret.keys ?? {}).includes(name),
      ),
    )
    .map((application) => application.file)
    .join(", ");
}

/** Whether Doppler did not answer, or not now, whatever the token. */
function isAway(error: DopplerError): boolean {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

function awayProblem(error: DopplerError, host: string): PreflightProblem {
  return {
    subject: `Doppler at ${host}`,
    found: error.message,
    remedy: "Check doppler.host in the stack's configuration and the network, then run the command again.",
  };
}

function configProblem(error: unknown, project: string, config: string, host: string): PreflightProblem {
  if (!(error instanceof DopplerError)) throw error;
  if (isAway(error)) return awayProblem(error, host);
  return {
    subject: `Doppler config "${config}"`,
    found: error.message,
    remedy: `Give the token's service account access to this config of project "${project}", and run the command again.`,
  };
}

function projectProblem(error: unknown, project: string, host: string): PreflightProblem {
  if (!(error instanceof DopplerError)) throw error;
  if (isAway(error)) return awayProblem(error, host);
  if (error.status === 401) {
    return {
      subject: `Doppler at ${host}`,
      found: `it refuses the token: ${error.message}`,
      remedy:
        "Set DOPPLER_TOKEN to a valid token of a service account (dp.sa.…) that may manage service tokens " +
        `of project "${project}", or store one: pulumi config set --secret dopplerToken`,
    };
  }
  return {
    subject: `Doppler project "${project}"`,
    found: error.message,
    remedy:
      "Correct doppler.project in the stack's configuration, or give the token's service account access to it.",
  };
}
