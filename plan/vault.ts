/** What a stack's applications have in Vault, worked out from the plan. Pure. */
import { ownerName, StackIdentity } from "../components/identity";
import { revision } from "../components/revision";
import { populationPolicy, vaultPolicy } from "../components/vault/vaultPolicy";
import type { ResolvedApplication, ResolvedVaultSecret } from "../config/application";
import type { VaultConfiguration } from "../config/stack";
import { Plan, vaultSecrets } from "./plan";

/** A ServiceAccount's role in Vault, and the policy of the same name. */
export interface PlannedRole {
  name: string;
  policy: string;
  namespace: string;
  serviceAccount: string;
}

/** An application with Secrets from Vault. */
export interface PlannedVaultApplication {
  application: ResolvedApplication;
  secrets: readonly ResolvedVaultSecret[];
  role: PlannedRole;
}

/** A secret in Vault that is filled once. */
export interface PlannedPopulation {
  application: ResolvedApplication;
  secret: ResolvedVaultSecret;
  populate: NonNullable<ResolvedVaultSecret["populate"]>;
  role: PlannedRole;
}

/** The part of a plan that concerns Vault; undefined without `vault` in the stack's configuration. */
export interface VaultPlan {
  configuration: VaultConfiguration;
  /** Name of the VaultConnection, and what the names of all that belongs to it begin with. */
  connection: string;
  applications: readonly PlannedVaultApplication[];
  /** Secrets that get made-up values, each path once. */
  placeholders: readonly { path: string; keys: readonly string[] }[];
  populations: readonly PlannedPopulation[];
}

/** What the stack has in Vault. */
export function planVault(plan: Plan): VaultPlan | undefined {
  const { vault, environment } = plan.configuration;
  if (!vault) return undefined;
  const applications = plan.applications
    .map((application) => ({ application, secrets: vaultSecrets(application) }))
    .filter(({ secrets }) => secrets.length > 0);
  return {
    configuration: vault,
    connection: `vault-${environment}`,
    applications: applications.map(({ application, secrets }) => ({
      application,
      secrets,
      role: applicationRole(plan.identity, vault, application, secrets),
    })),
    placeholders: applications.flatMap(({ secrets }) =>
      secrets.flatMap(({ path, placeholder }) => (placeholder ? [{ path, keys: placeholder }] : [])),
    ),
    populations: applications.flatMap(({ application, secrets }) =>
      secrets.flatMap((secret) =>
        secret.populate
          ? [
              {
                application,
                secret,
                populate: secret.populate,
                role: populationRole(plan.identity, vault, application, secret),
              },
            ]
          : [],
      ),
    ),
  };
}

function applicationRole(
  identity: StackIdentity,
  { mount }: VaultConfiguration,
  { name, namespace, service, serviceAccount }: ResolvedApplication,
  secrets: readonly ResolvedVaultSecret[],
): PlannedRole {
  const grants = secrets.filter(({ granted }) => granted).map(({ path }) => path);
  return {
    name: `${identity.environment}-${name}`,
    policy: vaultPolicy({ owner: ownerName(identity), application: name, mount, service, grants }),
    namespace,
    serviceAccount,
  };
}

function populationRole(
  identity: StackIdentity,
  { mount }: VaultConfiguration,
  { name, namespace }: ResolvedApplication,
  secret: ResolvedVaultSecret,
): PlannedRole {
  // Names of Jobs end up in labels, of at most 63 characters; the fingerprint keeps them apart.
  const populate = `${name.slice(0, 40)}-populate-${revision({ name, secret: secret.name }).slice(0, 8)}`;
  return {
    name: `${identity.environment}-${populate}`,
    policy: populationPolicy({ owner: ownerName(identity), application: name, mount, path: secret.path }),
    namespace,
    serviceAccount: populate,
  };
}
