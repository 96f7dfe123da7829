import { z } from "zod";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { isRecord, issue, issueBelow } from "./reading";

/** Kubernetes key -> Doppler secret. */
export type KeyMapping = Readonly<Record<string, string>>;

const EXAMPLE = "a list of names in Doppler, [DATABASE_URL], or a map KUBERNETES_KEY: NAME_IN_DOPPLER";
const OR_WHOLE = `${EXAMPLE}; without \`keys\` it is the whole config`;

const dopplerSecret = nameSchema(NAMES.dopplerSecret, "a name in Doppler");

const keyList = z
  .array(dopplerSecret)
  .min(1, { error: OR_WHOLE })
  .superRefine((names, context) => {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index) {
        context.issues.push(
          issue([index], { found: "the same name a second time", remedy: "every name once" }),
        );
      }
    }
  })
  .transform((names): KeyMapping => Object.fromEntries(names.map((name) => [name, name])));

const keyMap = z
  .record(nameSchema(NAMES.dataKey, "a key of a Secret"), dopplerSecret, { error: EXAMPLE })
  .refine((keys) => Object.keys(keys).length > 0, { error: OR_WHOLE });

const keys: z.ZodType<KeyMapping> = z.unknown().transform((input, context): KeyMapping => {
  const result = (Array.isArray(input) ? keyList : keyMap).safeParse(input);
  if (result.success) return result.data;
  context.issues.push(...result.error.issues.map((nested) => issueBelow([], nested)));
  return z.NEVER;
});

/** The keys of a Secret: a list, a map, or a map of either per environment. */
export function keysSchema(environments: Environments): z.ZodType<PerEnvironment<KeyMapping>> {
  return perEnvironment(keys, environments, isMapPerEnvironment);
}

/** Keys are texts; only environments have lists or maps below them. */
function isMapPerEnvironment(input: unknown): input is Record<string, unknown> {
  return isRecord(input) && Object.values(input).some((value) => typeof value === "object" && value !== null);
}
