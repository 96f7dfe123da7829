import { z } from "zod";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { isRecord, readObject } from "./reading";
import { uniqueList } from "./uniqueList";

/** How a caller shows who it is: a token that the stack makes, or the token of its ServiceAccount. */
export type CallerIdentity = "token" | "serviceAccount";

/** What an application asks the secrets service for. */
export interface SecretsServiceUse {
  /** Names of keys, and beginnings of names with a `*` at their end. */
  readonly keys: PerEnvironment<readonly string[]>;
  readonly identity: CallerIdentity;
}

/** Variables that a caller's ConfigMap has from the stack. */
export const CALLER_VARIABLES = {
  url: "SECRETS_SERVICE_URL",
  tokenFile: "SECRETS_SERVICE_TOKEN_FILE",
} as const;

/** Name of the Secret, in a caller's namespace, with the token that it shows. */
export function callerSecretName(application: string): string {
  return `${application}-secrets-service`;
}

const KEYS_REMEDY =
  "a list of keys, or of beginnings of keys and *, such as [JWT_SIGNING_KEY, SESSION_*], or a map of lists per environment";
const IDENTITY_REMEDY =
  "token (the stack makes one and stores it in the application's namespace) or serviceAccount (its pods show the token " +
  "of their ServiceAccount)";

const keySchema = z.string({ error: KEYS_REMEDY }).superRefine((key, context) => {
  const name = nameSchema(NAMES.serviceKey, "a key of the secrets service, with a `*` at its end or without");
  const result = name.safeParse(key.endsWith("*") ? key.slice(0, -1) : key);
  const [mistake] = result.error?.issues ?? [];
  if (mistake) context.addIssue(mistake.message);
});

function useSchema(environments: Environments) {
  return z.object({
    keys: perEnvironment<readonly string[]>(
      uniqueList(keySchema, KEYS_REMEDY, { found: "the same key again", remedy: "every one once" }),
      environments,
    ),
    identity: z.enum(["token", "serviceAccount"], { error: IDENTITY_REMEDY }).default("token"),
  });
}

/**
 * Reads `secretsService` of an application.
 *
 * @returns undefined where there is none, or something in it is wrong
 */
export function readSecretsServiceUse(
  value: unknown,
  location: Location,
  environments: Environments,
): SecretsServiceUse | undefined {
  if (value === undefined) return undefined;
  const before = location.mistakes;
  const { keys, identity } = readObject(useSchema(environments), value, location).fields;
  if (location.mistakes > before || keys === undefined || identity === undefined) return undefined;
  return { keys, identity };
}

/** Refuses settings under names that a caller's ConfigMap has from the stack. */
export function checkCallerVariables(config: unknown, location: Location): void {
  if (!isRecord(config)) return;
  for (const name of Object.values(CALLER_VARIABLES)) {
    if (!Object.hasOwn(config, name)) continue;
    location.at(name).refuse("a setting that the stack makes", "nothing: it is there by itself", "key");
  }
}
