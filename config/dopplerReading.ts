import { z } from "zod";
import { addressSchema } from "./address";
import { alternatives } from "./description";
import { environmentOf } from "./isolation";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { isRecord, issue, readMap, readObject, unknownName } from "./reading";
import type { DopplerConfigSettings, DopplerConfiguration } from "./stack";
import { wholeNumber } from "./wholeNumber";

const DEFAULT_HOST = "https://api.doppler.com";
const DEFAULT_SHARED: readonly string[] = ["shared"];
const PLANS = ["developer", "team", "enterprise"] as const;
const MOST_GENERATIONS = 1_000_000;

const HOST_REMEDY = `the address of Doppler's API, such as ${DEFAULT_HOST}: http or https, no path, no user`;

const hostSchema = addressSchema(HOST_REMEDY).superRefine((address, context) => {
  // External Secrets Operator dials port 443 when an address names none, whatever its scheme.
  if (/^https:/i.test(address) || /:\d+$/.test(address)) return;
  context.issues.push(issue([], { remedy: "its port too, such as http://doppler.example:8080" }));
});

const dopplerSchema = z.object({
  project: nameSchema(NAMES.dopplerProject, "the Doppler project"),
  host: hostSchema.default(DEFAULT_HOST),
  config: nameSchema(NAMES.dopplerConfig, "the environment's own config").optional(),
  shared: z
    .array(nameSchema(NAMES.dopplerConfig, "a config"), { error: "a list of configs, such as [shared]" })
    .default([...DEFAULT_SHARED]),
  configs: z.unknown(),
  plan: z.enum(PLANS, { error: alternatives(PLANS) }).optional(),
});

const settingsSchema = z.object({
  tokenSecret: z.unknown(),
  store: nameSchema(NAMES.kubernetesSubdomain, "the name of the ClusterSecretStore").optional(),
  generation: wholeNumber(1, MOST_GENERATIONS).default(1),
});

const tokenSecretSchema = z.object({
  name: nameSchema(NAMES.kubernetesSubdomain, "the name of the token's Secret").optional(),
  key: nameSchema(NAMES.dataKey, "the key of the token in its Secret").optional(),
});

/** What could be read of `doppler`, and the whole of it when nothing is wrong. */
export interface DopplerDraft {
  readonly config?: string | undefined;
  readonly shared?: readonly string[] | undefined;
  readonly complete?: DopplerConfiguration | undefined;
}

/**
 * Settings of a Doppler config where none are set. Doppler's names may have `_`, Kubernetes' have `-` in its place.
 */
function defaultSettings(config: string): DopplerConfigSettings {
  const name = config.replaceAll("_", "-");
  const tokenSecret = { name: `doppler-token-${name}`, key: "dopplerToken" };
  return { tokenSecret, store: `doppler-${name}`, generation: 1 };
}

/** Settings of a Doppler config: those that are set, else the defaults. */
export function settingsOf(
  configs: Readonly<Record<string, DopplerConfigSettings>>,
  config: string,
): DopplerConfigSettings {
  const settings = Object.hasOwn(configs, config) ? configs[config] : undefined;
  return settings ?? defaultSettings(config);
}

/** Reads `doppler` of a stack's configuration. */
export function readDoppler(
  value: unknown,
  location: Location,
  environment: string | undefined,
  environments: readonly string[],
): DopplerDraft {
  const before = location.mistakes;
  const { fields, invalid } = readObject(dopplerSchema, value, location);
  if (!isRecord(value)) return {};
  const config = invalid.has("config") ? undefined : (fields.config ?? environment);
  const { project, host, shared, plan } = fields;
  checkOwnConfig(fields.config, environment, environments, location.at("config"));
  checkShared(shared ?? [], config, environments, location.at("shared"));
  const configs = readConfigs(fields.configs, location.at("configs"));
  if (config !== undefined && shared !== undefined) {
    checkConfigs(configs, [config, ...shared], location.at("configs"));
  }
  // A config that may not be shared is not taken as shared by the checks that follow.
  const draft = { config, shared: shared?.filter((name) => !isOwned(name, config, environments)) };
  if (location.mistakes > before) return draft;
  if (config === undefined || project === undefined) return draft;
  if (host === undefined || shared === undefined) return draft;
  return { ...draft, complete: { project, host, config, shared, configs, ...(plan && { plan }) } };
}

/** An environment's own config is not another's: that would give it the other's secrets. */
function checkOwnConfig(
  config: string | undefined,
  environment: string | undefined,
  environments: readonly string[],
  location: Location,
): void {
  const owner = config === undefined ? undefined : environmentOf(config, environments);
  if (owner === undefined || environment === undefined || owner === environment) return;
  location.refuse(
    `${JSON.stringify(config)}, a config of the environment ${owner}`,
    "the environment's own config",
  );
}

function checkShared(
  shared: readonly string[],
  own: string | undefined,
  environments: readonly string[],
  location: Location,
): void {
  for (const [index, name] of shared.entries()) {
    if (shared.indexOf(name) < index) location.at(index).refuse("the same config again", "every config once");
    if (!isOwned(name, own, environments)) continue;
    const found = `${JSON.stringify(name)}, a config of one environment`;
    location.at(index).refuse(found, "only configs that every environment may read");
  }
}

function isOwned(name: string, own: string | undefined, environments: readonly string[]): boolean {
  return name === own || environmentOf(name, environments) !== undefined;
}

function readConfigs(value: unknown, location: Location): Record<string, DopplerConfigSettings> {
  const name = nameSchema(NAMES.dopplerConfig, "a config");
  const contents = readMap(name, z.unknown(), value, location, "{ shared: { generation: 2 } }");
  const settings = Object.entries(contents).map(([config, content]) => {
    const at = location.at(config);
    const { tokenSecret, store, generation } = readObject(settingsSchema, content, at).fields;
    const secret =
      tokenSecret === undefined
        ? {}
        : readObject(tokenSecretSchema, tokenSecret, at.at("tokenSecret")).fields;
    const defaults = defaultSettings(config);
    return [
      config,
      {
        tokenSecret: {
          name: secret.name ?? defaults.tokenSecret.name,
          key: secret.key ?? defaults.tokenSecret.key,
        },
        store: store ?? defaults.store,
        generation: generation ?? defaults.generation,
      },
    ] as const;
  });
  return Object.fromEntries(settings);
}

/** Settings are for configs that the stack uses, and every config has a token Secret and a store of its own. */
function checkConfigs(
  configs: Readonly<Record<string, DopplerConfigSettings>>,
  used: readonly string[],
  location: Location,
): void {
  for (const config of Object.keys(configs).filter((name) => !used.includes(name))) {
    location
      .at(config)
      .refuse("settings of a config that the stack does not use", unknownName(config, used), "key");
  }
  const tokenSecrets = new Map<string, string>();
  const stores = new Map<string, string>();
  for (const config of new Set(used)) {
    const { tokenSecret, store } = settingsOf(configs, config);
    const at = location.at(config);
    const firstSecret = tokenSecrets.get(tokenSecret.name);
    const firstStore = stores.get(store);
    if (firstSecret === undefined) tokenSecrets.set(tokenSecret.name, config);
    else refuseTwice(at.at("tokenSecret", "name"), `the Secret ${tokenSecret.name}`, firstSecret, config);
    if (firstStore === undefined) stores.set(store, config);
    else refuseTwice(at.at("store"), `the store ${store}`, firstStore, config);
  }
}

function refuseTwice(location: Location, object: string, first: string, second: string): void {
  location.refuse(`${object} for both configs, ${first} and ${second}`, "a name of its own for each config");
}
