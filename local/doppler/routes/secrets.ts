import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { callOf } from "../call";
import { matchesEntityTag, weakEntityTag } from "../download/etag";
import { FORMAT_NAMES, FORMATS, mediaType } from "../download/formats";
import {
  NAME_TRANSFORMER_NAMES,
  NAME_TRANSFORMERS,
  type NameTransformer,
} from "../download/name-transformers";
import type { Emulation } from "../emulation";
import { badRequest } from "../errors";
import type { Config } from "../workplace/config";
import { References } from "../workplace/references";
import { VISIBILITIES } from "../workplace/secret";
import { changeSecrets, type SecretChange } from "../workplace/secret-changes";
import type { Workplace } from "../workplace/workplace";
import { checked } from "./schema";

const downloadSchema = z.object({
  format: z.enum(FORMAT_NAMES).default("json"),
  name_transformer: z.enum(NAME_TRANSFORMER_NAMES).optional(),
});

const changeSchema = z.object({
  secrets: z.record(z.string(), z.string().nullable()).optional(),
  change_requests: z
    .array(
      z.object({
        name: z.string(),
        originalName: z.string().nullish(),
        value: z.string().nullish(),
        shouldDelete: z.boolean().nullish(),
        visibility: z.enum(VISIBILITIES).nullish(),
        valueType: z.object({ type: z.string() }).nullish(),
      }),
    )
    .optional(),
});

const SECRET_READ = { config: { callKind: "secret read" } } as const;

/** `/v3/configs/config/secret` and `/v3/configs/config/secrets`: read, download, change and delete secrets. */
export function secretRoutes(app: FastifyInstance, emulation: Emulation): void {
  const { workplace, authorization, now } = emulation;

  app.get("/configs/config/secret", SECRET_READ, (request) => {
    const { caller, parameters } = callOf(request);
    const config = authorization.config(caller, parameters);
    const name = parameters.requiredText("name");
    config.fetched(now());
    return { name, value: secretBody(config, name, new References(workplace)), success: true };
  });

  app.delete("/configs/config/secret", (request, reply) => {
    const { caller, parameters } = callOf(request);
    authorization.requireSecretWriting(caller);
    const config = authorization.config(caller, parameters);
    changeSecrets(config, [{ name: parameters.requiredText("name"), value: null, shouldDelete: true }]);
    return reply.code(204).send();
  });

  app.get("/configs/config/secrets", SECRET_READ, (request) => {
    const { caller, parameters } = callOf(request);
    const config = authorization.config(caller, parameters);
    config.fetched(now());
    const names = selectedNames(
      config,
      parameters.names("secrets"),
      parameters.flag("include_managed_secrets", true),
    );
    return { secrets: secretBodies(workplace, config, names), success: true };
  });

  app.post("/configs/config/secrets", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireSecretWriting(caller);
    const config = authorization.config(caller, parameters);
    changeSecrets(config, changesOf(checked(changeSchema, parameters.values)));
    return { secrets: secretBodies(workplace, config, config.names()), success: true };
  });

  app.get("/configs/config/secrets/names", SECRET_READ, (request) => {
    const { caller, parameters } = callOf(request);
    const config = authorization.config(caller, parameters);
    return { names: config.names(parameters.flag("include_managed_secrets", true)), success: true };
  });

  app.get("/configs/config/secrets/download", SECRET_READ, (request, reply) => {
    const { caller, parameters } = callOf(request);
    const config = authorization.config(caller, parameters);
    const { format, name_transformer: transformer } = checked(downloadSchema, parameters.values);
    config.fetched(now());
    const names = selectedNames(config, parameters.names("secrets"), true);
    // Configuration files of .NET have sections, which only its own names tell.
    const rename = transformer ?? (format === "dotnet-json" ? "dotnet" : undefined);
    const values = computedValues(workplace, config, names, rename);
    const body = FORMATS[format](values);
    const tag = weakEntityTag(body);
    reply.header("etag", tag);
    if (matchesEntityTag(request.headers["if-none-match"], tag)) {
      return reply.code(304).send();
    }
    return reply.type(mediaType(format)).send(body);
  });
}

/** The names asked for that exist, or all. */
function selectedNames(config: Config, wanted: string[] | undefined, withManaged: boolean): string[] {
  return wanted === undefined
    ? config.names(withManaged)
    : config.names().filter((name) => wanted.includes(name));
}

function computedValues(
  workplace: Workplace,
  config: Config,
  names: readonly string[],
  transformer: NameTransformer | undefined,
): Record<string, string> {
  const references = new References(workplace);
  const values: Record<string, string> = {};
  for (const name of names) {
    const secret = config.secret(name);
    if (secret !== undefined) {
      const renamed = transformer === undefined ? name : NAME_TRANSFORMERS[transformer](name);
      values[renamed] = references.compute(config, name, secret);
    }
  }
  return values;
}

function secretBodies(
  workplace: Workplace,
  config: Config,
  names: readonly string[],
): Record<string, unknown> {
  const references = new References(workplace);
  return Object.fromEntries(names.map((name) => [name, secretBody(config, name, references)]));
}

/** A secret that does not exist is no error: all of its fields are null. */
function secretBody(config: Config, name: string, references: References): Record<string, unknown> {
  const secret = config.secret(name);
  const valueType = secret === undefined ? null : { type: secret.valueType };
  return {
    raw: secret?.raw ?? null,
    computed: secret === undefined ? null : references.compute(config, name, secret),
    note: "",
    rawVisibility: secret?.visibility ?? null,
    computedVisibility: secret?.visibility ?? null,
    rawValueType: valueType,
    computedValueType: valueType,
  };
}

function changesOf({ secrets, change_requests: requests }: z.output<typeof changeSchema>): SecretChange[] {
  if ((secrets === undefined) === (requests === undefined)) {
    throw badRequest("Either 'secrets' or 'change_requests' is required, and not both");
  }
  const changes = (requests ?? []).map(
    ({ name, originalName, value, shouldDelete, visibility, valueType }): SecretChange => ({
      name,
      value: value ?? null,
      ...(originalName ? { originalName } : {}),
      ...(shouldDelete ? { shouldDelete } : {}),
      ...(visibility ? { visibility } : {}),
      ...(valueType ? { valueType: valueType.type } : {}),
    }),
  );
  for (const [name, value] of Object.entries(secrets ?? {})) {
    changes.push({ name, value, shouldDelete: value === null });
  }
  return changes;
}
