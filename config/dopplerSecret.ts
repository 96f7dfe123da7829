import { z } from "zod";
import type { Location } from "./location";
import type { Environments } from "./perEnvironment";
import { readObject } from "./reading";
import { readRegistry } from "./registry";
import type { RegistryDeclaration } from "./registry";
import { RESTART_REMEDIES } from "./restart";
import { commonFields, readRefreshed, refreshField, typesIn } from "./secretFields";
import type { RefreshedDeclaration, SecretContext } from "./secretFields";
import type { Origin } from "./secretOrigin";
import { DEFAULT_TYPE, REGISTRY_TYPE, checkDopplerType } from "./secretTypes";

/** A Secret from Doppler that an application declares. */
export interface DopplerDeclaration extends RefreshedDeclaration {
  readonly source: "doppler";
  /** The Doppler config. Omitted: the environment's own. */
  readonly config?: Origin;
  readonly registry?: RegistryDeclaration;
}

function dopplerFields(environments: Environments) {
  return commonFields(environments, "doppler").extend({
    refresh: refreshField(environments, "doppler"),
    registry: z.unknown(),
    restart: z.undefined({ error: RESTART_REMEDIES.doppler }),
    placeholder: z.undefined({ error: "no `placeholder`: only secrets from Vault have placeholders" }),
    populate: z.undefined({ error: "no `populate`: only secrets from Vault are filled" }),
  });
}

/**
 * Reads an entry whose source is Doppler, or no source that is known.
 *
 * @returns undefined when it lacks a part that was refused
 */
export function readDopplerSecret(
  value: unknown,
  location: Location,
  context: SecretContext,
  config: Origin | undefined,
): DopplerDeclaration | undefined {
  const { environments } = context;
  const { fields, invalid } = readObject(dopplerFields(environments), value, location);
  const registry = readRegistry(fields.registry, location.at("registry"));
  const defaultType = fields.registry === undefined ? DEFAULT_TYPE : REGISTRY_TYPE;
  if (!invalid.has("keys") && !invalid.has("type")) {
    const names = registry && [registry.usernameKey, registry.passwordKey];
    for (const typed of typesIn(fields, location, environments, defaultType))
      checkDopplerType(typed, fields.registry === undefined ? "none" : names);
  }
  const common = readRefreshed(fields, location, context, defaultType);
  return (
    common && {
      ...common,
      source: "doppler",
      ...(config && { config }),
      ...(registry && { registry }),
    }
  );
}
