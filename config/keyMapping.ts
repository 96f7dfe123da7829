import { z } from "zod";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { isRecord, issueBelow } from "./reading";
import type { SourceName } from "./secretOrigin";
import { uniqueList } from "./uniqueList";
import { variableSchema } from "./variableName";

/** Kubernetes key -> name in the source. */
export type KeyMapping = Readonly<Record<string, string>>;

/** What `keys` names in a source. */
interface Remote {
  readonly name: z.ZodType<string>;
  readonly example: string;
  /** What a Secret without `keys` has. Omitted: it needs them. */
  readonly whole?: string;
}

const SECOND_NAME = { found: "the same name a second time", remedy: "every name once" };

const REMOTES: Readonly<Record<SourceName, Remote>> = {
  doppler: {
    name: nameSchema(NAMES.dopplerSecret, "a name in Doppler"),
    example: "a list of names in Doppler, [DATABASE_URL], or a map KUBERNETES_KEY: NAME_IN_DOPPLER",
    whole: "the whole config",
  },
  vault: {
    name: nameSchema(NAMES.dataKey, "a key in Vault"),
    example: "a list of keys in Vault, [password], or a map KUBERNETES_KEY: KEY_IN_VAULT",
    whole: "every key in Vault",
  },
  environment: {
    name: variableSchema,
    example:
      "a list of variables, [OPENAI_API_KEY], or a map KUBERNETES_KEY: VARIABLE; a Secret never gets the whole environment",
  },
};

function mappingSchema({ name, example, whole }: Remote): z.ZodType<KeyMapping> {
  const orWhole = whole === undefined ? example : `${example}; without \`keys\` it is ${whole}`;
  const list = uniqueList(name, orWhole, SECOND_NAME).transform((names): KeyMapping =>
    Object.fromEntries(names.map((remote) => [remote, remote])),
  );
  const map = z
    .record(nameSchema(NAMES.dataKey, "a key of a Secret"), name, { error: example })
    .refine((keys) => Object.keys(keys).length > 0, { error: orWhole });
  return z.unknown().transform((input, context): KeyMapping => {
    const result = (Array.isArray(input) ? list : map).safeParse(input);
    if (result.success) return result.data;
    context.issues.push(...result.error.issues.map((nested) => issueBelow([], nested)));
    return z.NEVER;
  });
}

/** The keys of a Secret: a list, a map, or a map of either per environment. */
export function keysSchema(
  environments: Environments,
  source: SourceName,
): z.ZodType<PerEnvironment<KeyMapping>> {
  return perEnvironment(mappingSchema(REMOTES[source]), environments, isMapPerEnvironment);
}

/** Keys are texts; only environments have lists or maps below them. */
function isMapPerEnvironment(input: unknown): input is Record<string, unknown> {
  return isRecord(input) && Object.values(input).some((value) => typeof value === "object" && value !== null);
}
