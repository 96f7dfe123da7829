/** Under which names the values of Secrets are at their source. Pure. */
import { NAMES } from "../../config/names";
import type { SourceName } from "../../config/secretOrigin";
import { variableRemedy } from "../../config/variableName";
import { ImportedEnvironment, ImportedObject, objectsOf } from "./importedObject";
import { variablesIn, wholeVariable } from "./substitution";

/** Tells the name at the source of a key of a Secret. */
export type RemoteName = (secret: ImportedObject, key: string) => string;

/**
 * In Vault every Secret has a path of its own, and keys keep their names. Variables and names in Doppler are shared by
 * all Secrets of an environment: a key that several Secrets have gets the Secret's name before it.
 */
export function remoteNames(environments: readonly ImportedEnvironment[], source: SourceName): RemoteName {
  if (source === "vault") return (_, key) => key;
  const secrets = environments.flatMap((environment) => objectsOf(environment, "Secret"));
  const places = new Map<string, Set<string>>();
  const claim = (name: string, place: string): void => {
    places.set(name, (places.get(name) ?? new Set()).add(place));
  };
  for (const secret of secrets)
    for (const key of secret.values.keys()) claim(nameFor(source, key), `${secret.name}/${key}`);
  if (source === "environment") claimTemplates(environments, claim);
  return (secret, key) => {
    const variable = wholeVariable(secret.values.get(key) ?? "");
    if (source === "environment" && variable !== undefined) return variable;
    const name = nameFor(source, key);
    const isFree = (places.get(name)?.size ?? 0) <= 1 && variableRemedy(name) === undefined;
    return isFree ? name : nameFor(source, `${secret.name}_${key}`);
  };
}

/** A variable that a template names is not another value's. */
function claimTemplates(
  environments: readonly ImportedEnvironment[],
  claim: (name: string, place: string) => void,
): void {
  for (const { kind, name, values } of environments.flatMap(({ objects }) => objects))
    for (const [key, text] of values)
      for (const variable of variablesIn(text)) {
        const isWhole = kind === "Secret" && wholeVariable(text) === variable;
        claim(variable, isWhole ? `${name}/${key}` : `${kind} ${name}/${key}`);
      }
}

function nameFor(source: "doppler" | "environment", key: string): string {
  const rule = source === "doppler" ? NAMES.dopplerSecret : NAMES.environmentVariable;
  if (rule.pattern.test(key)) return key;
  return key
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]+/g, "_")
    .replace(/^(?=[0-9])/, "_");
}
