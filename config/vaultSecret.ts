import { z } from "zod";
import type { RestartTarget } from "./application";
import { alternatives } from "./description";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { valueIn } from "./perEnvironment";
import type { Environments } from "./perEnvironment";
import { readObject } from "./reading";
import { restartSchema } from "./restart";
import { commonFields, readRefreshed, refreshField, typesIn } from "./secretFields";
import type { RefreshedDeclaration, SecretContext, TypedSecret } from "./secretFields";
import type { Origin } from "./secretOrigin";
import { checkPlainType, REGISTRY_TYPE } from "./secretTypes";
import { uniqueList } from "./uniqueList";
import { isBelow, isShared } from "./vaultPath";

/** A container that fills a path in Vault once. */
export interface PopulateDeclaration {
  readonly image: string;
  /** The command and its arguments; at least one. */
  readonly command: readonly string[];
}

/** A Secret from Vault that an application declares. */
export interface VaultDeclaration extends RefreshedDeclaration {
  readonly source: "vault";
  /** Path below the mount. Omitted: the Secret's name in the application's own subtree. */
  readonly vaultPath?: Origin;
  /** Keys in Vault that are written once, where nothing is. */
  readonly placeholder?: readonly string[];
  readonly populate?: PopulateDeclaration;
  /** What is restarted when a value changes. Omitted: what the application names. */
  readonly restart?: readonly RestartTarget[];
}

/** Names that stand for paths in an application's own subtree, the same in every application. */
const LAYOUT: readonly string[] = ["config", "credentials", "api-keys"];

const REGISTRY_REMEDY =
  "no `registry`: it puts credentials together from two secrets in Doppler. In Vault, keep Docker's whole " +
  "configuration under one key, and write `type: kubernetes.io/dockerconfigjson` and " +
  "`keys: { .dockerconfigjson: KEY_IN_VAULT }`";
const PLACEHOLDER_REMEDY = "a list of keys in Vault, such as [username, password]";
const COMMAND_REMEDY = 'a list of texts, the command and its arguments, such as [sh, -c, "./fill"]';
const IMAGE_REMEDY = "the image of the container, such as registry.example/fill:1.0";

const populateSchema = z.object({
  image: z.string({ error: IMAGE_REMEDY }).regex(/^\S+$/, { error: IMAGE_REMEDY }),
  command: z
    .array(z.string({ error: COMMAND_REMEDY }), { error: COMMAND_REMEDY })
    .min(1, { error: COMMAND_REMEDY }),
});

function vaultFields(environments: Environments) {
  return commonFields(environments, "vault").extend({
    refresh: refreshField(environments, "vault"),
    registry: z.undefined({ error: REGISTRY_REMEDY }),
    restart: restartSchema.optional(),
    placeholder: uniqueList(nameSchema(NAMES.dataKey, "a key in Vault"), PLACEHOLDER_REMEDY, {
      found: "the same key again",
      remedy: "every one once",
    }).optional(),
    populate: z.unknown(),
  });
}

/**
 * Reads an entry whose source is Vault.
 *
 * @returns undefined when it lacks a part that was refused
 */
export function readVaultSecret(
  value: unknown,
  location: Location,
  context: SecretContext,
  vaultPath: Origin | undefined,
): VaultDeclaration | undefined {
  const { environments } = context;
  const { fields, invalid } = readObject(vaultFields(environments), value, location);
  const { name, placeholder, restart } = fields;
  const populate = readPopulate(fields.populate, location.at("populate"));
  if (name !== undefined) checkName(name, fields, location, context);
  if (fields.populate !== undefined && placeholder === undefined && !invalid.has("placeholder")) {
    const remedy = "`placeholder` too, with the keys that it fills, or no `populate`";
    location.at("populate").refuse("`populate` without `placeholder`", remedy, "key");
  }
  if (placeholder !== undefined && vaultPath !== undefined)
    checkOwnSubtree(vaultPath, location.at("placeholder"), context);
  if (!invalid.has("keys")) {
    for (const typed of typesIn(fields, location, environments)) {
      if (!invalid.has("type")) checkPlainType(typed, "vault");
      if (placeholder !== undefined) {
        checkPlaceholder(placeholder, typed);
        checkMadeUp(typed.type, location.at("placeholder"));
      }
    }
  }
  const common = readRefreshed(fields, location, context);
  return (
    common && {
      ...common,
      source: "vault",
      ...(vaultPath && { vaultPath }),
      ...(placeholder && { placeholder }),
      ...(populate && { populate }),
      ...(restart && { restart }),
    }
  );
}

/** Kubernetes reads what is in Secrets of these types, and would refuse made-up text. */
function checkMadeUp(type: string, location: Location): void {
  if (type !== REGISTRY_TYPE && type !== "kubernetes.io/dockercfg") return;
  const remedy = "no `placeholder`: Kubernetes takes only Docker's JSON in it";
  location.refuse(`placeholders for a Secret of type ${type}`, remedy, "key");
}

function readPopulate(value: unknown, location: Location): PopulateDeclaration | undefined {
  if (value === undefined) return undefined;
  const { image, command } = readObject(populateSchema, value, location).fields;
  return image === undefined || command === undefined ? undefined : { image, command };
}

/** Without a path the Secret's name is one, and only names of the common layout are understood without looking. */
function checkName(
  name: string,
  { from, vault }: { readonly from?: unknown; readonly vault?: unknown },
  location: Location,
  { service }: SecretContext,
): void {
  if (from !== "vault" || vault !== undefined || LAYOUT.includes(name)) return;
  const tree = service?.kind === "same" ? service.value : "<service>";
  location
    .at("from")
    .refuse(
      `"vault" without a path, for a Secret called ${name}`,
      `${alternatives(LAYOUT)} as its \`name\`, or \`from: { vault: ${tree}/${name} }\``,
    );
}

/** What several applications read is not one application's to write. */
function checkOwnSubtree(
  { value }: Origin,
  location: Location,
  { environments, service }: SecretContext,
): void {
  for (const environment of environments.needed) {
    const path = valueIn(value, environment);
    const tree = service && valueIn(service, environment);
    if (path === undefined || (tree === undefined ? !isShared(path) : isBelow(path, tree))) continue;
    const own =
      tree === undefined ? "the application's own subtree" : `${tree}/, the application's own subtree`;
    location.refuse(
      `placeholders for ${path}, which is not below ${own}`,
      "no `placeholder`: whoever owns that path writes what is there",
      "key",
    );
  }
}

/** A key that Vault has not would fail the Secret from its first read on. */
function checkPlaceholder(placeholder: readonly string[], { keys, at }: TypedSecret): void {
  const missing = Object.values(keys ?? {}).filter((key) => !placeholder.includes(key));
  if (missing.length === 0) return;
  const names = [...new Set(missing)].join(", ");
  at.keys.refuse(`${names}, which \`placeholder\` does not have`, `${names} in \`placeholder\` too`);
}
