import { z } from "zod";
import { parseDuration } from "./duration";
import { keysSchema } from "./keyMapping";
import type { KeyMapping } from "./keyMapping";
import type { Location, Path } from "./location";
import { readAnnotations, readLabels, refuseCredentials } from "./metadata";
import type { Texts } from "./metadata";
import { NAMES, nameSchema } from "./names";
import { everywhere, pathIn, perEnvironment, valueIn } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { isRecord, issue, readObject } from "./reading";
import { readOrigin } from "./secretOrigin";
import type { DopplerOrigin } from "./secretOrigin";
import { DEFAULT_TYPE, REGISTRY_TYPE, checkType, typeRemedy } from "./secretTypes";

/** Credentials of a container registry, taken from two secrets of the Doppler config. */
export interface RegistryDeclaration {
  /** The registry's address as Docker's configuration names it. Default: Docker Hub, `https://index.docker.io/v1/`. */
  readonly server: string;
  /** Doppler secret that holds the user name. */
  readonly usernameKey: string;
  /** Doppler secret that holds the password or access token. */
  readonly passwordKey: string;
}

/** One Kubernetes Secret that an application declares; values may still differ per environment. */
export interface SecretDeclaration {
  /** Where it stands in its file. */
  readonly path: Path;
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** The Doppler config. Omitted: the environment's own. */
  readonly config?: DopplerOrigin;
  /** Omitted: every secret of the config under its own name. */
  readonly keys?: PerEnvironment<KeyMapping>;
  /** Time between two reads, in seconds. */
  readonly refreshSeconds: PerEnvironment<number>;
  /** Type of the Kubernetes Secret. */
  readonly type: PerEnvironment<string>;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly registry?: RegistryDeclaration;
}

/** What could be read of a declaration; the whole of it when nothing is wrong. */
export interface SecretDraft {
  readonly path: Path;
  readonly name?: string | undefined;
  readonly config?: DopplerOrigin | undefined;
  readonly complete?: SecretDeclaration | undefined;
}

const REFRESH_SECONDS = { default: 60, least: 10, most: 24 * 3600 };
const DOCKER_HUB = "https://index.docker.io/v1/";

/** What to write instead of `restart`. */
export const RESTART_REMEDY =
  "no `restart`: External Secrets Operator cannot restart pods, Stakater Reloader can: annotate the Deployment with " +
  '`reloader.stakater.com/auto: "true"`, or with `reloader.stakater.com/search: "true"` and the Secret (under ' +
  '`annotations`) with `reloader.stakater.com/match: "true"`';

const refreshSchema = z.string({ error: "a duration such as 30s, 1m or 1h" }).transform((text, context) => {
  const seconds = parseDuration(text) ?? 0;
  if (seconds >= REFRESH_SECONDS.least && seconds <= REFRESH_SECONDS.most) return seconds;
  context.issues.push(issue([], { remedy: "a duration from 10s to 24h, such as 30s, 1m or 1h" }));
  return z.NEVER;
});

const typeSchema = z
  .string({ error: "a type of Secret, such as Opaque" })
  .regex(/^[A-Za-z0-9](?:[-_./A-Za-z0-9]{0,251}[A-Za-z0-9])?$/, {
    error: "a type of Secret, such as Opaque",
    abort: true,
  })
  .superRefine((type, context) => {
    const remedy = typeRemedy(type);
    if (remedy !== undefined) context.issues.push(issue([], { remedy }));
  });

const registrySchema = z.object({
  server: z
    .string({ error: "the registry's address" })
    .regex(/^(?:https?:\/\/)?[A-Za-z0-9][-.A-Za-z0-9]*(?::\d{1,5})?(?:\/[-._/A-Za-z0-9]*)?$/, {
      error: `the registry's address, such as ghcr.io; without it, Docker Hub (${DOCKER_HUB})`,
    })
    .default(DOCKER_HUB),
  username: nameSchema(
    NAMES.dopplerSecret,
    "the name in Doppler of the user name, such as DOCKERHUB_USERNAME",
  ),
  password: nameSchema(
    NAMES.dopplerSecret,
    "the name in Doppler of the access token, such as DOCKERHUB_TOKEN",
  ),
});

function secretSchema(environments: Environments) {
  return z.object({
    name: nameSchema(NAMES.kubernetesSubdomain, "the name of the Kubernetes Secret"),
    from: z.unknown(),
    doppler: z.unknown(),
    keys: keysSchema(environments).optional(),
    refresh: perEnvironment(refreshSchema, environments).default(everywhere(REFRESH_SECONDS.default)),
    type: perEnvironment(typeSchema, environments).optional(),
    labels: z.unknown(),
    annotations: z.unknown(),
    registry: z.unknown(),
    restart: z.undefined({ error: RESTART_REMEDY }),
    placeholder: z.undefined({ error: "no `placeholder`: only secrets from Vault have placeholders" }),
  });
}

/**
 * Reads one entry of an application's `secrets`, reporting every mistake in it.
 *
 * @param notSecret names of annotations and labels whose values only look like credentials
 */
export function readSecret(
  value: unknown,
  location: Location,
  environments: Environments,
  notSecret: readonly string[],
): SecretDraft {
  const before = location.mistakes;
  const { fields, invalid } = readObject(secretSchema(environments), value, location);
  if (!isRecord(value)) return { path: location.path };
  const { name, keys, refresh } = fields;
  const config = readOrigin(fields.from, fields.doppler, location, environments);
  const labels = readLabels(fields.labels, location.at("labels"), environments);
  const annotations = readAnnotations(fields.annotations, location.at("annotations"), environments);
  refuseCredentials(labels, location.at("labels"), notSecret);
  refuseCredentials(annotations, location.at("annotations"), notSecret);
  const registry = readRegistry(fields.registry, location.at("registry"));
  const type = fields.type ?? everywhere(fields.registry === undefined ? DEFAULT_TYPE : REGISTRY_TYPE);
  if (!invalid.has("keys") && !invalid.has("type")) {
    for (const environment of environments.needed) {
      checkType(
        {
          type: valueIn(type, environment) ?? DEFAULT_TYPE,
          keys: keys && valueIn(keys, environment),
          registry:
            fields.registry === undefined ? "none" : registry && [registry.usernameKey, registry.passwordKey],
        },
        {
          type: location.at("type", ...pathIn(type, environment)),
          keys: location.at("keys", ...(keys ? pathIn(keys, environment) : [])),
        },
      );
    }
  }
  const draft = { path: location.path, name, config };
  if (location.mistakes > before || name === undefined || refresh === undefined) return draft;
  const complete = { path: location.path, name, refreshSeconds: refresh, type, labels, annotations };
  return {
    ...draft,
    complete: {
      ...complete,
      ...(config && { config }),
      ...(keys && { keys }),
      ...(registry && { registry }),
    },
  };
}

function readRegistry(value: unknown, location: Location): RegistryDeclaration | undefined {
  if (value === undefined) return undefined;
  const { server, username, password } = readObject(registrySchema, value, location).fields;
  if (server === undefined || username === undefined || password === undefined) return undefined;
  return { server, usernameKey: username, passwordKey: password };
}
