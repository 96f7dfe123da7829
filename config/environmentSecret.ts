import { z } from "zod";
import type { KeyMapping } from "./keyMapping";
import type { Location } from "./location";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { readObject } from "./reading";
import { RESTART_REMEDIES } from "./restart";
import { commonFields, readCommon, typesIn } from "./secretFields";
import type { CommonDeclaration, SecretContext } from "./secretFields";
import { checkPlainType } from "./secretTypes";

/** A Secret from the deployer's environment that an application declares. */
export interface EnvironmentDeclaration extends CommonDeclaration {
  readonly source: "environment";
  /** Kubernetes key -> variable. */
  readonly keys: PerEnvironment<KeyMapping>;
}

const REGISTRY_REMEDY =
  "no `registry`: it puts credentials together from two secrets in Doppler. Here, keep Docker's whole configuration " +
  "in one variable, and write `type: kubernetes.io/dockerconfigjson` and `keys: { .dockerconfigjson: VARIABLE }`";

function environmentFields(environments: Environments) {
  const common = commonFields(environments, "environment");
  return common.extend({
    // Never the whole environment: the deployer's own credentials are in it.
    keys: common.shape.keys.unwrap(),
    refresh: z.undefined({
      error: "no `refresh`: a Secret from the environment changes at `pulumi up` only",
    }),
    registry: z.undefined({ error: REGISTRY_REMEDY }),
    restart: z.undefined({ error: RESTART_REMEDIES.environment }),
    placeholder: z.undefined({
      error: "no `placeholder`: the values are there when `pulumi up` runs, or it fails",
    }),
    populate: z.undefined({ error: "no `populate`: whoever runs `pulumi up` sets the variables" }),
  });
}

/**
 * Reads an entry whose source is the environment.
 *
 * @returns undefined when it lacks a part that was refused
 */
export function readEnvironmentSecret(
  value: unknown,
  location: Location,
  context: SecretContext,
): EnvironmentDeclaration | undefined {
  const { environments } = context;
  const { fields, invalid } = readObject(environmentFields(environments), value, location);
  if (!invalid.has("keys") && !invalid.has("type")) {
    for (const typed of typesIn(fields, location, environments)) checkPlainType(typed, "environment");
  }
  const common = readCommon(fields, location, context);
  if (common?.keys === undefined) return undefined;
  return { ...common, keys: common.keys, source: "environment" };
}
