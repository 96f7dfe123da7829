import { z } from "zod";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { readObject } from "./reading";
import type { SecretsServiceConfiguration } from "./stack";
import { wholeNumber } from "./wholeNumber";

/** Name of the application whose Secrets the service answers from, unless the configuration names another. */
export const DEFAULT_APPLICATION = "secrets-service";

const IMAGE_REMEDY =
  "the image of services/secrets, such as registry.example/secrets-service@sha256:...; services/secrets/image.sh builds it";
const PULL_POLICY_REMEDY = "IfNotPresent, Always or Never";
const REPLICAS = { default: 2, least: 2, most: 20 };
const GENERATION = { default: 1, least: 1, most: 1_000_000 };

const schema = z.object({
  image: z.string({ error: IMAGE_REMEDY }).regex(/^\S+$/, { error: IMAGE_REMEDY }),
  imagePullPolicy: z
    .enum(["IfNotPresent", "Always", "Never"], { error: PULL_POLICY_REMEDY })
    .default("IfNotPresent"),
  application: nameSchema(
    NAMES.kubernetesLabel,
    "the name of the application whose Secrets are served",
  ).optional(),
  replicas: wholeNumber(REPLICAS.least, REPLICAS.most, "pods").default(REPLICAS.default),
  generation: wholeNumber(GENERATION.least, GENERATION.most).default(GENERATION.default),
});

/** Reads `secretsService` of a stack's configuration; undefined where something in it is wrong. */
export function readSecretsService(
  value: unknown,
  location: Location,
): SecretsServiceConfiguration | undefined {
  const before = location.mistakes;
  const { image, imagePullPolicy, application, replicas, generation } = readObject(
    schema,
    value,
    location,
  ).fields;
  if (location.mistakes > before || image === undefined || imagePullPolicy === undefined) return undefined;
  if (replicas === undefined || generation === undefined) return undefined;
  return {
    image,
    imagePullPolicy,
    application: application ?? DEFAULT_APPLICATION,
    isNamed: application !== undefined,
    replicas,
    generation,
  };
}
