import { z } from "zod";
import type { Application } from "./application";
import { configMapNameSchema, readConfigMap } from "./configMap";
import { describe } from "./description";
import { Location } from "./location";
import { NAMES, nameSchema, namespaceSchema } from "./names";
import { everywhere, perEnvironment } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import type { Problem } from "./problem";
import { isRecord, issue, readObject, readValue, unknownName } from "./reading";
import { readSecret } from "./secretDeclaration";
import type { SecretDraft } from "./secretDeclaration";
import { checkCallerVariables, readSecretsServiceUse } from "./secretsServiceUse";
import type { CallerIdentity } from "./secretsServiceUse";
import { serviceSchema } from "./vaultPath";
import { checkPlaceholders, checkVaultUse, readRestart } from "./vaultUse";
import type { YamlDocument } from "./yamlDocument";

/** What could be read of an application's file; enough to compare it with the others. */
export interface ApplicationDraft {
  readonly name?: string | undefined;
  readonly namespace?: PerEnvironment<string> | undefined;
  /** Its subtree in Vault. */
  readonly service?: PerEnvironment<string> | undefined;
  readonly serviceAccount?: PerEnvironment<string> | undefined;
  readonly environments: readonly string[];
  readonly secrets: readonly SecretDraft[];
  readonly configMap?: string | undefined;
  /** How it shows the secrets service who it is, if it asks it for anything. */
  readonly callerIdentity?: CallerIdentity | undefined;
  readonly source: YamlDocument;
  /** The application, when nothing is wrong with its file. */
  readonly complete?: Application | undefined;
}

const serviceAccountSchema = nameSchema(
  NAMES.kubernetesSubdomain,
  "the ServiceAccount whose token logs in to Vault",
);
const namesSchema = z.array(z.string({ error: "a name" }), { error: "a list of names" });

/** Environments of an application: known ones, each once. */
function environmentsSchema(known: readonly string[] | undefined) {
  const error = `a list of environments, such as [${known?.join(", ") ?? "dev, prd"}]; without it, all of them`;
  return z
    .array(z.string({ error: "the name of an environment" }), { error })
    .min(1, { error })
    .superRefine((names, context) => {
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) < index) {
          context.issues.push(
            issue([index], { found: "the same environment again", remedy: "every one once" }),
          );
        } else if (known !== undefined && !known.includes(name)) {
          context.issues.push(issue([index], { remedy: unknownName(name, known) }));
        }
      }
    });
}

function applicationSchema(environments: Environments) {
  return z.object({
    name: nameSchema(NAMES.kubernetesLabel, "the name of the application"),
    namespace: perEnvironment(namespaceSchema, environments),
    environments: z.unknown(),
    secrets: z.array(z.unknown(), { error: "a list of Secrets, each with `name` and `from`" }).optional(),
    config: z.unknown(),
    configMap: configMapNameSchema.optional(),
    notSecret: namesSchema.optional(),
    service: perEnvironment(serviceSchema, environments).optional(),
    serviceAccount: perEnvironment(serviceAccountSchema, environments).optional(),
    restart: z.unknown(),
    secretsService: z.unknown(),
  });
}

/**
 * Reads an application's file, adding every mistake in it to `problems`.
 *
 * @param known every environment of the project; undefined: unknown, since its list is wrong
 */
export function readApplication(
  source: YamlDocument,
  known: readonly string[] | undefined,
  problems: Problem[],
): ApplicationDraft {
  const root = new Location(source, problems);
  const { content } = source;
  if (!isRecord(content)) {
    if (content === null)
      root.refuse("an empty file", "an application: `name`, `namespace`, and `secrets` or `config`");
    else if (content !== undefined) readObject(applicationSchema({ known, needed: [] }), content, root);
    return { environments: [], secrets: [], source };
  }
  const before = root.mistakes;
  const needed = readEnvironments(content.environments, known, root.at("environments"));
  const environments = { known, needed };
  const { fields, invalid } = readObject(applicationSchema(environments), content, root);
  const { name, namespace, notSecret = [] } = fields;
  const byName = name === undefined ? undefined : everywhere(name);
  const service = invalid.has("service") ? undefined : (fields.service ?? byName);
  const ofSecrets = { environments, notSecret, service };
  const secrets = (fields.secrets ?? []).map((secret, index) =>
    readSecret(secret, root.at("secrets", index), ofSecrets),
  );
  // Of secrets that are no list nobody knows where they are from.
  const isList = !invalid.has("secrets");
  const restart = isList ? readRestart(fields.restart, secrets, root.at("restart")) : undefined;
  if (isList) checkVaultUse(fields, secrets, root);
  checkPlaceholders(secrets, ofSecrets, root);
  const config = readConfigMap(fields.config, root.at("config"), environments, notSecret);
  checkNotSecret(notSecret, content, root.at("notSecret"));
  const secretsService = readSecretsServiceUse(
    fields.secretsService,
    root.at("secretsService"),
    environments,
  );
  const isCaller = fields.secretsService !== undefined;
  if (isCaller) checkCallerVariables(fields.config, root.at("config"));
  const hasConfigMap = fields.config !== undefined || isCaller;
  if (!hasConfigMap && fields.configMap !== undefined) {
    root
      .at("configMap")
      .refuse("a ConfigMap without `config`", "`config` with its values, or no `configMap`", "key");
  }
  if (!hasConfigMap && secrets.length === 0 && !invalid.has("secrets")) {
    root.refuse("an application with neither `secrets` nor `config`", "at least one of the two");
  }
  const configMap = hasConfigMap ? (fields.configMap ?? (name && `${name}-config`)) : undefined;
  const serviceAccount = invalid.has("serviceAccount") ? undefined : (fields.serviceAccount ?? byName);
  const draft = {
    name,
    namespace,
    service,
    serviceAccount,
    environments: needed,
    secrets,
    configMap,
    callerIdentity: secretsService?.identity,
    source,
  };
  const declarations = secrets.flatMap(({ complete }) => complete ?? []);
  if (root.mistakes > before || name === undefined || namespace === undefined) return draft;
  if (service === undefined || serviceAccount === undefined) return draft;
  return {
    ...draft,
    complete: {
      name,
      namespace,
      service,
      serviceAccount,
      environments: needed,
      secrets: declarations,
      config,
      notSecret,
      source,
      ...(restart && { restart }),
      ...(secretsService && { secretsService }),
      ...(configMap !== undefined && { configMap }),
    },
  };
}

/** The environments of an application: those it lists, else all. */
function readEnvironments(
  value: unknown,
  known: readonly string[] | undefined,
  location: Location,
): readonly string[] {
  if (value === undefined) return known ?? [];
  return readValue(environmentsSchema(known), value, location) ?? [];
}

/** Refuses exceptions for what is not there: a name that was mistyped would except nothing. */
function checkNotSecret(
  names: readonly string[],
  content: Record<string, unknown>,
  location: Location,
): void {
  const secrets = Array.isArray(content.secrets) ? content.secrets.filter(isRecord) : [];
  const maps = [content.config, ...secrets.flatMap(({ labels, annotations }) => [labels, annotations])];
  const present = maps.filter(isRecord).flatMap((map) => Object.keys(map));
  for (const [index, name] of names.entries()) {
    if (!present.includes(name)) location.at(index).refuse(describe(name), unknownName(name, present));
  }
}
