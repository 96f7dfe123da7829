import type { RestartTarget } from "./application";
import { describe } from "./description";
import type { Location } from "./location";
import { valueIn } from "./perEnvironment";
import { readValue } from "./reading";
import { RESTART_REMEDIES, restartSchema } from "./restart";
import type { SecretDraft } from "./secretDeclaration";
import type { SecretContext } from "./secretFields";
import { SHARED_TREES } from "./vaultPath";

/** Fields of an application that only Secrets from Vault use. */
interface VaultFields {
  readonly name?: string | undefined;
  readonly service?: unknown;
  readonly serviceAccount?: unknown;
}

/**
 * Reads `restart` of an application, for all its Secrets; so all of them have to be from Vault, since nothing
 * restarts workloads for the others.
 */
export function readRestart(
  value: unknown,
  secrets: readonly SecretDraft[],
  location: Location,
): readonly RestartTarget[] | undefined {
  if (value === undefined) return undefined;
  if (mayHaveVault(secrets)) {
    const other = secrets.find(({ source }) => source !== undefined && source !== "vault");
    if (other === undefined) return readValue(restartSchema, value, location);
    const origin = other.source === "doppler" ? "Doppler" : "the environment";
    location.refuse(
      `a \`restart\` for all Secrets, though ${other.name ?? "one"} is from ${origin}`,
      "it on the Vault secrets: nothing restarts workloads for the others",
      "key",
    );
  } else {
    const fromDoppler = secrets.length === 0 || secrets.some(({ source }) => source === "doppler");
    location.refuse(describe(value), RESTART_REMEDIES[fromDoppler ? "doppler" : "environment"]);
  }
  return undefined;
}

/** Refuses what names an application in Vault where it reads nothing there, and names that are no application's. */
export function checkVaultUse(fields: VaultFields, secrets: readonly SecretDraft[], root: Location): void {
  if (!mayHaveVault(secrets)) {
    for (const field of ["service", "serviceAccount"] as const) {
      if (fields[field] === undefined) continue;
      root
        .at(field)
        .refuse(`\`${field}\` without a Secret from Vault`, `no \`${field}\`: nothing would use it`, "key");
    }
  }
  const { name, service } = fields;
  if (service !== undefined || name === undefined || !SHARED_TREES.includes(name)) return;
  if (!secrets.some(({ source }) => source === "vault")) return;
  root
    .at("name")
    .refuse(
      `${JSON.stringify(name)}, which names the application's subtree in Vault too`,
      `\`service: <another name>\` beside it: ${name}/ is for what several applications read`,
    );
}

/** Refuses placeholders for one path in two Secrets: the second would be written nowhere, since something is there. */
export function checkPlaceholders(
  secrets: readonly SecretDraft[],
  { environments, service }: SecretContext,
  root: Location,
): void {
  for (const environment of environments.needed) {
    const tree = service && valueIn(service, environment);
    const writers = new Map<string, string>();
    for (const { complete } of secrets) {
      if (complete?.source !== "vault" || complete.placeholder === undefined || tree === undefined) continue;
      const { vaultPath, name, path } = complete;
      const target = vaultPath ? valueIn(vaultPath.value, environment) : `${tree}/${name}`;
      const first = target && writers.get(target);
      if (target !== undefined && first === undefined) writers.set(target, name);
      if (target === undefined || first === undefined) continue;
      const found = `placeholders for ${target} a second time, after those of ${first}`;
      root.at(...path, "placeholder").refuse(found, `all keys in \`placeholder\` of ${first}`, "key");
    }
  }
}

/** Whether a Secret is from Vault, or from a source that was mistyped. */
function mayHaveVault(secrets: readonly SecretDraft[]): boolean {
  return secrets.some(({ source }) => source === "vault" || source === undefined);
}
