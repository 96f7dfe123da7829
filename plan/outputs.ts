import { Plan } from "./plan";

/** Values of a stack output: plain and not secret. */
export type OutputValue = string | string[];

/**
 * What application stacks read: per application its namespace, its Secrets and its ConfigMap, per config its store.
 * An application that asks the secrets service has the Secret with its token among its Secrets.
 * `vault.state` tells whether Secrets from Vault hold made-up values for want of a Vault that is ready.
 * Flat, since one secret inside an object would make the whole object secret for its readers.
 */
export function stackOutputs(plan: Plan, vault?: "ready" | "bootstrapping"): Record<string, OutputValue> {
  const outputs: Record<string, OutputValue> = {
    environment: plan.configuration.environment,
  };
  const { secretsService } = plan;
  if (secretsService) outputs["secretsService.url"] = secretsService.url;
  for (const application of plan.applications) {
    const caller = secretsService?.callers.find(({ application: { name } }) => name === application.name);
    outputs[`app.${application.name}.namespace`] = application.namespace;
    outputs[`app.${application.name}.secrets`] = [
      ...application.secrets.map((secret) => secret.name),
      ...(caller?.tokenSecret === undefined ? [] : [caller.tokenSecret]),
    ];
    if (application.configMap) outputs[`app.${application.name}.configMap`] = application.configMap;
  }
  for (const store of plan.stores) outputs[`store.${store.config}`] = store.store;
  if (vault) outputs["vault.state"] = vault;
  return outputs;
}
