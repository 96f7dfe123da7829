/** Under which names the values of Secrets are at their source. Pure. */
import type { SourceName } from "../../config/secretOrigin";
import { variableRemedy } from "../../config/variableName";
import { ImportedEnvironment, ImportedObject, objectsOf } from "./importedObject";
import { variablesIn, wholeVariable } from "./substitution";

/** Tells the name at the source of a key of a Secret. */
export type RemoteName = (secret: ImportedObject, key: string) => string;

/** Names that are usual for variables, and that Doppler takes. */
const USUAL = /^[A-Z_][A-Z0-9_]*$/;
/** Variables that shells and pipelines set by themselves: a Secret must not get what is in these. */
const SYSTEM_VARIABLES = new Set([
  ...["CI", "HOME", "HOSTNAME", "LANG", "LOGNAME", "NODE_OPTIONS", "PATH", "PWD", "SHELL", "TERM", "TMPDIR"],
  ...["USER", "USERNAME"],
]);

/**
 * In Vault every Secret has a path of its own, and keys keep their names. Variables and names in Doppler are shared by
 * all Secrets of an environment: a key that several Secrets have, or that is no usual name there, gets the Secret's
 * name before it.
 */
export function remoteNames(environments: readonly ImportedEnvironment[], source: SourceName): RemoteName {
  if (source === "vault") return (_, key) => key;
  const places = new Map<string, Set<string>>();
  const claim = (name: string, place: string): void => {
    places.set(name, (places.get(name) ?? new Set()).add(place));
  };
  for (const secret of environments.flatMap((environment) => objectsOf(environment, "Secret")))
    for (const key of secret.values.keys()) claim(key, `${secret.name}/${key}`);
  if (source === "environment") claimTemplates(environments, claim);
  return (secret, key) => {
    const variable = wholeVariable(secret.values.get(key) ?? "");
    if (source === "environment" && variable !== undefined) return variable;
    const isFree = places.get(key)?.size === 1 && !SYSTEM_VARIABLES.has(key);
    return isFree && USUAL.test(key) && variableRemedy(key) === undefined ? key : prefixed(secret.name, key);
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

function prefixed(secret: string, key: string): string {
  const name = `${secret}_${key}`.toUpperCase().replaceAll(/[^A-Z0-9_]+/g, "_");
  return name.replace(/^(?=[0-9])/, "_");
}
