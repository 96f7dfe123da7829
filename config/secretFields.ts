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
import { issue } from "./reading";
import type { SourceName } from "./secretOrigin";
import { DEFAULT_TYPE, typeRemedy } from "./secretTypes";

/** What every Secret that an application declares has, whatever its source; values may still differ per environment. */
export interface CommonDeclaration {
  /** Where it stands in its file. */
  readonly path: Path;
  /** Name of the Kubernetes Secret. */
  readonly name: string;
  /** Omitted: everything the source has there, under its own name. */
  readonly keys?: PerEnvironment<KeyMapping>;
  /** Type of the Kubernetes Secret. */
  readonly type: PerEnvironment<string>;
  readonly labels: Texts;
  readonly annotations: Texts;
}

/** What every Secret has that an operator reads again and again. */
export interface RefreshedDeclaration extends CommonDeclaration {
  /** Time between two reads, in seconds. */
  readonly refreshSeconds: PerEnvironment<number>;
}

/** What the readers of an application's Secrets need to know of the application. */
export interface SecretContext {
  readonly environments: Environments;
  /** Names of annotations and labels whose values only look like credentials. */
  readonly notSecret: readonly string[];
  /** The application's subtree in Vault. Undefined: unknown, since it is wrong. */
  readonly service: PerEnvironment<string> | undefined;
}

const REFRESH_SECONDS = { default: { doppler: 60, vault: 30 }, least: 10, most: 24 * 3600 };

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

/** The name of a Secret. */
export const secretNameSchema = nameSchema(NAMES.kubernetesSubdomain, "the name of the Kubernetes Secret");

/** `refresh` of a Secret that an operator reads. */
export function refreshField(environments: Environments, source: keyof typeof REFRESH_SECONDS.default) {
  return perEnvironment(refreshSchema, environments).default(everywhere(REFRESH_SECONDS.default[source]));
}

/** The fields of a Secret, whatever its source. */
export function commonFields(environments: Environments, source: SourceName) {
  return z.object({
    name: secretNameSchema,
    from: z.unknown(),
    doppler: z.unknown(),
    vault: z.unknown(),
    keys: keysSchema(environments, source).optional(),
    type: perEnvironment(typeSchema, environments).optional(),
    labels: z.unknown(),
    annotations: z.unknown(),
  });
}

/** Values of {@link commonFields}, as far as they could be read. */
type CommonFields = {
  readonly [Field in keyof z.output<ReturnType<typeof commonFields>>]?:
    z.output<ReturnType<typeof commonFields>>[Field] | undefined;
};

/**
 * What the common fields declare.
 *
 * @param defaultType type of a Secret that declares none
 * @returns undefined when it lacks a part that was refused
 */
export function readCommon(
  fields: CommonFields,
  location: Location,
  { environments, notSecret }: SecretContext,
  defaultType = DEFAULT_TYPE,
): CommonDeclaration | undefined {
  const { name, keys } = fields;
  const labels = readLabels(fields.labels, location.at("labels"), environments);
  const annotations = readAnnotations(fields.annotations, location.at("annotations"), environments);
  refuseCredentials(labels, location.at("labels"), notSecret);
  refuseCredentials(annotations, location.at("annotations"), notSecret);
  if (name === undefined) return undefined;
  const type = fields.type ?? everywhere(defaultType);
  const common = { path: location.path, name, type, labels, annotations };
  return keys === undefined ? common : { ...common, keys };
}

/** The same for a Secret that an operator reads again and again. */
export function readRefreshed(
  fields: CommonFields & { readonly refresh?: PerEnvironment<number> | undefined },
  location: Location,
  context: SecretContext,
  defaultType?: string,
): RefreshedDeclaration | undefined {
  const common = readCommon(fields, location, context, defaultType);
  return common && fields.refresh && { ...common, refreshSeconds: fields.refresh };
}

/** What a Secret has in one environment, and where its file says so. */
export interface TypedSecret {
  readonly type: string;
  /** Undefined: everything the source has there. */
  readonly keys: KeyMapping | undefined;
  readonly at: { readonly type: Location; readonly keys: Location };
}

/** Type and keys of a Secret in each environment that needs them. */
export function typesIn(
  { type, keys }: CommonFields,
  location: Location,
  environments: Environments,
  defaultType = DEFAULT_TYPE,
): TypedSecret[] {
  const types = type ?? everywhere(defaultType);
  return environments.needed.map((environment) => ({
    type: valueIn(types, environment) ?? DEFAULT_TYPE,
    keys: keys && valueIn(keys, environment),
    at: {
      type: location.at("type", ...pathIn(types, environment)),
      keys: location.at("keys", ...(keys ? pathIn(keys, environment) : [])),
    },
  }));
}
