/**
 * What a stack is to make, worked out from its configuration and the application files. Pure: nothing is read or
 * made here.
 */
import { StackIdentity } from "../components/identity";
import type {
  Application,
  ResolvedApplication,
  ResolvedDopplerSecret,
  ResolvedEnvironmentSecret,
  ResolvedVaultSecret,
} from "../config/application";
import { resolveApplications } from "../config/loading";
import { dopplerConfigSettings, DopplerConfigSettings, StackConfiguration } from "../config/stack";
import { planSecretsService, SecretsServicePlan, withServiceAddress } from "./secretsService";

/** A Doppler config that the stack's applications read, and how its token Secret and store are called. */
export interface PlannedStore extends DopplerConfigSettings {
  config: string;
  /** Whether this stack makes it; otherwise the cluster's owner does. */
  owned: boolean;
  /** Namespaces whose applications read it, sorted; those of other environments too where the stack serves them. */
  namespaces: readonly string[];
  /** Names in Doppler that this stack's applications read from it, sorted. */
  names: readonly string[];
}

/** Everything that a stack makes. */
export interface Plan {
  identity: StackIdentity;
  configuration: StackConfiguration;
  applications: readonly ResolvedApplication[];
  stores: readonly PlannedStore[];
  /** Omitted: the stack runs no secrets service. */
  secretsService?: SecretsServicePlan;
  /** Namespaces of the stack's applications, sorted. */
  namespaces: readonly string[];
}

/** The plan of a stack. `applications` are all of the project; those of the stack's environment are picked here. */
export function planStack(
  identity: StackIdentity,
  configuration: StackConfiguration,
  applications: readonly Application[],
): Plan {
  const own = resolveApplications(applications, configuration);
  const shared = new Set(configuration.doppler.shared);
  const served = configuration.cluster.environments
    .filter((environment) => environment !== configuration.environment)
    .flatMap((environment) => resolveApplications(applications, configuration, environment));

  const stores = unique([...configsOf(own), ...configsOf(served).filter((config) => shared.has(config))]).map(
    (config): PlannedStore => {
      const readers = shared.has(config) ? [...own, ...served] : own;
      return {
        config,
        ...dopplerConfigSettings(configuration, config),
        owned: configuration.cluster.owns || !shared.has(config),
        namespaces: unique(
          readers.filter((reader) => configsOf([reader]).includes(config)).map((reader) => reader.namespace),
        ),
        names: unique(
          own
            .flatMap(dopplerSecrets)
            .filter((secret) => secret.config === config)
            .flatMap((secret) => Object.values(secret.keys ?? {})),
        ),
      };
    },
  );
  const service = planSecretsService(configuration, own);
  return {
    identity,
    configuration,
    applications: own.map((application) => withServiceAddress(application, service)),
    stores,
    ...(service && { secretsService: service }),
    namespaces: unique(own.map((application) => application.namespace)),
  };
}

function configsOf(applications: readonly ResolvedApplication[]): string[] {
  return applications.flatMap((application) => dopplerSecrets(application).map((secret) => secret.config));
}

/** An application's Secrets that come from Doppler. */
export function dopplerSecrets({ secrets }: ResolvedApplication): ResolvedDopplerSecret[] {
  return secrets.filter((secret) => secret.source === "doppler");
}

/** An application's Secrets that come from Vault. */
export function vaultSecrets({ secrets }: ResolvedApplication): ResolvedVaultSecret[] {
  return secrets.filter((secret) => secret.source === "vault");
}

/** An application's Secrets that come from the deployer's environment. */
export function environmentSecrets({ secrets }: ResolvedApplication): ResolvedEnvironmentSecret[] {
  return secrets.filter((secret) => secret.source === "environment");
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
