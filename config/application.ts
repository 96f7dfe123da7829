import type { Texts } from "./metadata";
import { valueIn } from "./perEnvironment";
import type { PerEnvironment } from "./perEnvironment";
import type { RegistryDeclaration, SecretDeclaration } from "./secretDeclaration";
import type { YamlDocument } from "./yamlDocument";

/** An application as its file declares it, valid in itself, not yet resolved for an environment. */
export interface Application {
  readonly name: string;
  readonly namespace: PerEnvironment<string>;
  /** Environments the application exists in. */
  readonly environments: readonly string[];
  readonly secrets: readonly SecretDeclaration[];
  /** Name of the ConfigMap. Omitted: the application has no `config`. */
  readonly configMap?: string;
  readonly config: Texts;
  /** Its file, to name places in it. */
  readonly source: YamlDocument;
}

/** A Kubernetes Secret of one application in one environment. */
export interface ResolvedSecret {
  /** Name of the Kubernetes Secret and of its ExternalSecret. */
  readonly name: string;
  /** Doppler config it is read from. */
  readonly config: string;
  /**
   * Kubernetes key -> Doppler secret; omitted: the whole config. With `registry`: the two secrets that the
   * registry's credentials are made of, each under its own name.
   */
  readonly keys?: Readonly<Record<string, string>>;
  /** Time between two reads, in seconds, 10 to 86,400. */
  readonly refreshSeconds: number;
  /** Type of the Kubernetes Secret; `Opaque` where nothing is declared. */
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Present exactly when `type` is `kubernetes.io/dockerconfigjson`. */
  readonly registry?: RegistryDeclaration;
}

/** An application in one environment, every value decided. */
export interface ResolvedApplication {
  readonly name: string;
  readonly namespace: string;
  /** The file it was read from, relative to the project's folder. */
  readonly file: string;
  readonly secrets: readonly ResolvedSecret[];
  /** Name of its ConfigMap. Omitted: it has none. */
  readonly configMap?: string;
  /** Data of the ConfigMap. Empty exactly when `configMap` is omitted. */
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
  const { name, namespace, source, configMap } = application;
  return {
    name,
    namespace: decided(namespace, environment),
    file: source.file,
    secrets: application.secrets.map((secret) => resolveSecret(secret, environment, ownConfig)),
    ...(configMap !== undefined && { configMap }),
    config: decidedTexts(application.config, environment),
  };
}

function resolveSecret(secret: SecretDeclaration, environment: string, ownConfig: string): ResolvedSecret {
  const { name, config, registry } = secret;
  const ofRegistry = registry && keysOf(registry);
  const keys = ofRegistry ?? (secret.keys && decided(secret.keys, environment));
  return {
    name,
    config: config === undefined ? ownConfig : decided(config.value, environment),
    ...(keys && { keys }),
    refreshSeconds: decided(secret.refreshSeconds, environment),
    type: decided(secret.type, environment),
    labels: decidedTexts(secret.labels, environment),
    annotations: decidedTexts(secret.annotations, environment),
    ...(registry && { registry }),
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
