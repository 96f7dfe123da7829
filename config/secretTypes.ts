import type { KeyMapping } from "./keyMapping";
import type { Location } from "./location";
import { unknownName } from "./reading";
import type { TypedSecret } from "./secretFields";
import type { SourceName } from "./secretOrigin";

/** Type of a Secret with a registry's credentials. */
export const REGISTRY_TYPE = "kubernetes.io/dockerconfigjson";
/** Type of a Secret that declares none. */
export const DEFAULT_TYPE = "Opaque";

/** Keys of which a Secret of a type needs every one, or some. */
interface DemandedKeys {
  readonly keys: readonly string[];
  readonly need: "every" | "some";
}

/** What Kubernetes demands, as ValidateSecret of its API server has it. */
const DEMANDED_KEYS: ReadonlyMap<string, DemandedKeys> = new Map([
  ["kubernetes.io/tls", { keys: ["tls.crt", "tls.key"], need: "every" }],
  ["kubernetes.io/ssh-auth", { keys: ["ssh-privatekey"], need: "every" }],
  ["kubernetes.io/basic-auth", { keys: ["username", "password"], need: "some" }],
  ["kubernetes.io/dockercfg", { keys: [".dockercfg"], need: "every" }],
]);

/** What a source keeps for a registry: Docker's whole configuration. For Doppler `registry` puts it together. */
const REGISTRY_KEYS: DemandedKeys = { keys: [".dockerconfigjson"], need: "every" };

/** How messages speak of what a source has. */
const WORDS: Readonly<Record<SourceName, { readonly whole: string; readonly name: string }>> = {
  // Names in Doppler are in capitals, so a whole config has none of the keys that Kubernetes demands.
  doppler: { whole: "the whole config", name: "NAME_IN_DOPPLER" },
  vault: { whole: "whatever keys Vault has", name: "KEY_IN_VAULT" },
  environment: { whole: "no keys", name: "VARIABLE" },
};

/** Types that Kubernetes fills or reads by itself, and why none of them comes from a source. */
const REFUSED_TYPES: ReadonlyMap<string, string> = new Map([
  ["kubernetes.io/service-account-token", "another type: Kubernetes fills Secrets of this one by itself"],
  [
    "bootstrap.kubernetes.io/token",
    "another type: Secrets of this one admit nodes, and only count in kube-system",
  ],
]);

/** What to write instead of a type; undefined when it is one. */
export function typeRemedy(type: string): string | undefined {
  const refused = REFUSED_TYPES.get(type);
  if (refused !== undefined) return refused;
  const known = [DEFAULT_TYPE, REGISTRY_TYPE, ...DEMANDED_KEYS.keys()];
  const reserved = type.includes("kubernetes.io/") || !type.includes("/");
  return reserved && !known.includes(type) ? unknownName(type, known) : undefined;
}

/**
 * Refuses what Kubernetes would refuse for the type of a Secret from Doppler, and what the type has no use for.
 *
 * @param registry names in Doppler of a registry's credentials; "none": no registry; undefined: a wrong one
 */
export function checkDopplerType(
  { type, keys, at }: TypedSecret,
  registry: readonly string[] | "none" | undefined,
): void {
  if (registry === "none") {
    if (type === REGISTRY_TYPE) {
      const remedy =
        "`registry: { username: DOCKERHUB_USERNAME, password: DOCKERHUB_TOKEN }` beside it, names in Doppler";
      at.type.refuse(`the type ${type} without \`registry\``, remedy);
    } else {
      checkKeys(type, DEMANDED_KEYS.get(type), keys, at.keys, "doppler");
    }
    return;
  }
  if (type !== REGISTRY_TYPE) {
    at.type.refuse(
      `the type ${type} beside \`registry\``,
      `${REGISTRY_TYPE}, or no \`type\`, or no \`registry\``,
    );
  }
  if (keys === undefined || registry === undefined) return;
  const same = Object.entries(keys).every(([key, secret]) => key === secret && registry.includes(key));
  if (!same || Object.keys(keys).length !== new Set(registry).size) {
    const remedy = `no \`keys\`: they are those of \`registry\`, ${registry.join(" and ")}`;
    at.keys.refuse("keys beside `registry` that are not its own", remedy);
  }
}

/** Refuses keys that Kubernetes would refuse for the type of a Secret from Vault or from the environment. */
export function checkPlainType({ type, keys, at }: TypedSecret, source: "vault" | "environment"): void {
  const demanded = type === REGISTRY_TYPE ? REGISTRY_KEYS : DEMANDED_KEYS.get(type);
  checkKeys(type, demanded, keys, at.keys, source);
}

function checkKeys(
  type: string,
  demanded: DemandedKeys | undefined,
  keys: KeyMapping | undefined,
  location: Location,
  source: SourceName,
): void {
  if (demanded === undefined) return;
  const missing = demanded.keys.filter((key) => keys === undefined || !Object.hasOwn(keys, key));
  const tolerated = demanded.need === "some" ? demanded.keys.length - 1 : 0;
  if (missing.length <= tolerated) return;
  const { whole, name } = WORDS[source];
  const found = keys === undefined ? whole : `the keys ${Object.keys(keys).join(", ")}`;
  const example = missing.map((key) => `${key}: ${name}`).join(", ");
  const choice = demanded.need === "some" ? ", or one of them" : "";
  location.refuse(`${found} for the type ${type}`, `\`keys: { ${example} }\`${choice}`);
}
