import type { DopplerDeclaration } from "./dopplerSecret";
import type { EnvironmentDeclaration } from "./environmentSecret";
import type { Texts } from "./metadata";
import { valueIn } from "./perEnvironment";
import type { PerEnvironment } from "./perEnvironment";
import type { RegistryDeclaration } from "./registry";
import type { SecretDeclaration } from "./secretDeclaration";
import type { CallerIdentity, SecretsServiceUse } from "./secretsServiceUse";
import type { CommonDeclaration, RefreshedDeclaration } from "./secretFields";
import { isBelow } from "./vaultPath";
import type { PopulateDeclaration, VaultDeclaration } from "./vaultSecret";
import type { YamlDocument } from "./yamlDocument";

/** An application as its file declares it, valid in itself, not yet resolved for an environment. */
export interface Application {
  readonly name: string;
  readonly namespace: PerEnvironment<string>;
  /** Its subtree in Vault. */
  readonly service: PerEnvironment<string>;
  /** The ServiceAccount that logs in to Vault. */
  readonly serviceAccount: PerEnvironment<string>;
  /** Environments the application exists in. */
  readonly environments: readonly string[];
  readonly secrets: readonly SecretDeclaration[];
  /** What is restarted when one of its Secrets changes that names nothing of its own; all of them are from Vault. */
  readonly restart?: readonly RestartTarget[];
  /** What it asks the secrets service for. Omitted: nothing. */
  readonly secretsService?: SecretsServiceUse;
  /** Name of the ConfigMap. Omitted: the application has no `config`, and asks the secrets service for nothing. */
  readonly configMap?: string;
  readonly config: Texts;
  /** Names of values that only look like credentials. */
  readonly notSecret: readonly string[];
  /** Its file, to name places in it. */
  readonly source: YamlDocument;
}

/** What every Kubernetes Secret of one application in one environment has, whatever its source. */
interface ResolvedCommon {
  /** Name of the Kubernetes Secret, and of the object that an operator makes it from. */
  readonly name: string;
  /** Type of the Kubernetes Secret; `Opaque` where nothing is declared. */
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a Secret has that an operator reads again and again. */
interface ResolvedRefreshed extends ResolvedCommon {
  /** Time between two reads, in seconds, 10 to 86,400. */
  readonly refreshSeconds: number;
}

/** A Secret that External Secrets Operator reads from Doppler. */
export interface ResolvedDopplerSecret extends ResolvedRefreshed {
  readonly source: "doppler";
  /** Doppler config it is read from. */
  readonly config: string;
  /**
   * Kubernetes key -> Doppler secret; omitted: the whole config. With `registry`: the two secrets that the
   * registry's credentials are made of, each under its own name.
   */
  readonly keys?: Readonly<Record<string, string>>;
  /** Present exactly when `type` is `kubernetes.io/dockerconfigjson`. */
  readonly registry?: RegistryDeclaration;
}

/** A Secret that Vault Secrets Operator reads from Vault. */
export interface ResolvedVaultSecret extends ResolvedRefreshed {
  readonly source: "vault";
  /** Below the mount, such as `cert-manager/credentials`. */
  readonly path: string;
  /** Whether the path lies outside of the application's own subtree, so that its policy grants exactly it. */
  readonly granted: boolean;
  /** Kubernetes key -> key in Vault; omitted: every key under its own name. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Keys in Vault that are written once, where nothing is. Omitted: Vault is only read. Never with `granted`. */
  readonly placeholder?: readonly string[];
  /** What fills the path once. Omitted: people do. Only with `placeholder`. */
  readonly populate?: PopulateDeclaration;
  /** What is restarted when a value changes. Empty: nothing. */
  readonly restart: readonly RestartTarget[];
}

/** A Secret that the stack fills from the deployer's environment. */
export interface ResolvedEnvironmentSecret extends ResolvedCommon {
  readonly source: "environment";
  /** Kubernetes key -> variable. */
  readonly keys: Readonly<Record<string, string>>;
}

/** A Kubernetes Secret of one application in one environment. */
export type ResolvedSecret = ResolvedDopplerSecret | ResolvedVaultSecret | ResolvedEnvironmentSecret;

/** A workload in the application's namespace that is restarted when a Secret changes. */
export interface RestartTarget {
  readonly kind: "Deployment" | "DaemonSet" | "StatefulSet";
  readonly name: string;
}

/** An application in one environment, every value decided. */
export interface ResolvedApplication {
  readonly name: string;
  readonly namespace: string;
  /** Its subtree in Vault, below the mount: one segment. Default: its name. */
  readonly service: string;
  /** The ServiceAccount, in its namespace, whose token logs in to Vault. Default: its name. */
  readonly serviceAccount: string;
  /** The file it was read from, relative to the project's folder. */
  readonly file: string;
  readonly secrets: readonly ResolvedSecret[];
  /** What it asks the secrets service for. Omitted: nothing. */
  readonly secretsService?: { readonly keys: readonly string[]; readonly identity: CallerIdentity };
  /** Name of its ConfigMap. Omitted: it has none. */
  readonly configMap?: string;
  /** Data of the ConfigMap, `${NAME}` in it not yet filled in. Empty when `configMap` is omitted. */
  readonly config: Readonly<Record<string, string>>;
}

/**
 * An application in one of its environments.
 *
 * @param ownConfig the environment's own Doppler config
 */
export function resolveApplication(
  application: Application,
  environment: string,
  ownConfig: string,
): ResolvedApplication {
  const { name, namespace, source, configMap, secretsService } = application;
  const service = decided(application.service, environment);
  return {
    name,
    namespace: decided(namespace, environment),
    service,
    serviceAccount: decided(application.serviceAccount, environment),
    file: source.file,
    secrets: application.secrets.map((secret) => {
      if (secret.source === "doppler") return resolveDopplerSecret(secret, environment, ownConfig);
      if (secret.source === "environment") return resolveEnvironmentSecret(secret, environment);
      return resolveVaultSecret(secret, environment, service, application.restart ?? []);
    }),
    ...(secretsService && {
      secretsService: {
        keys: decided(secretsService.keys, environment),
        identity: secretsService.identity,
      },
    }),
    ...(configMap !== undefined && { configMap }),
    config: decidedTexts(application.config, environment),
  };
}

function resolveDopplerSecret(
  secret: DopplerDeclaration,
  environment: string,
  ownConfig: string,
): ResolvedDopplerSecret {
  const { config, registry } = secret;
  const ofRegistry = registry && keysOf(registry);
  const keys = ofRegistry ?? (secret.keys && decided(secret.keys, environment));
  return {
    source: "doppler",
    ...resolveRefreshed(secret, environment),
    config: config === undefined ? ownConfig : decided(config.value, environment),
    ...(keys && { keys }),
    ...(registry && { registry }),
  };
}

function resolveVaultSecret(
  secret: VaultDeclaration,
  environment: string,
  service: string,
  restart: readonly RestartTarget[],
): ResolvedVaultSecret {
  const { name, keys, placeholder, populate } = secret;
  const path = secret.vaultPath ? decided(secret.vaultPath.value, environment) : `${service}/${name}`;
  return {
    source: "vault",
    ...resolveRefreshed(secret, environment),
    path,
    granted: !isBelow(path, service),
    ...(keys && { keys: decided(keys, environment) }),
    ...(placeholder && { placeholder }),
    ...(populate && { populate }),
    restart: secret.restart ?? restart,
  };
}

function resolveEnvironmentSecret(
  secret: EnvironmentDeclaration,
  environment: string,
): ResolvedEnvironmentSecret {
  return {
    source: "environment",
    ...resolveCommon(secret, environment),
    keys: decided(secret.keys, environment),
  };
}

function resolveRefreshed(secret: RefreshedDeclaration, environment: string): ResolvedRefreshed {
  return {
    ...resolveCommon(secret, environment),
    refreshSeconds: decided(secret.refreshSeconds, environment),
  };
}

function resolveCommon(secret: CommonDeclaration, environment: string): ResolvedCommon {
  return {
    name: secret.name,
    type: decided(secret.type, environment),
    labels: decidedTexts(secret.labels, environment),
    annotations: decidedTexts(secret.annotations, environment),
  };
}

function keysOf({ usernameKey, passwordKey }: RegistryDeclaration): Readonly<Record<string, string>> {
  return { [usernameKey]: usernameKey, [passwordKey]: passwordKey };
}

function decidedTexts(texts: Texts, environment: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, decided(value, environment)]),
  );
}

/** Every environment of a checked application has a value. */
function decided<T>(value: PerEnvironment<T>, environment: string): T {
  const found = valueIn(value, environment);
  if (found === undefined)
    throw new Error(`no value for the environment ${environment}: the application has none there`);
  return found;
}
