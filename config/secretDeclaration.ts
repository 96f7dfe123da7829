import { readDopplerSecret } from "./dopplerSecret";
import type { DopplerDeclaration } from "./dopplerSecret";
import { readEnvironmentSecret } from "./environmentSecret";
import type { EnvironmentDeclaration } from "./environmentSecret";
import type { Location, Path } from "./location";
import { isRecord } from "./reading";
import { secretNameSchema } from "./secretFields";
import type { SecretContext } from "./secretFields";
import { readOrigin } from "./secretOrigin";
import type { OriginDraft } from "./secretOrigin";
import { readVaultSecret } from "./vaultSecret";
import type { VaultDeclaration } from "./vaultSecret";

/** One Kubernetes Secret that an application declares; values may still differ per environment. */
export type SecretDeclaration = DopplerDeclaration | VaultDeclaration | EnvironmentDeclaration;

/** What could be read of a declaration; the whole of it when nothing is wrong. */
export interface SecretDraft extends OriginDraft {
  readonly path: Path;
  readonly name?: string | undefined;
  readonly complete?: SecretDeclaration | undefined;
}

/** Reads one entry of an application's `secrets`, reporting every mistake in it. */
export function readSecret(value: unknown, location: Location, context: SecretContext): SecretDraft {
  const before = location.mistakes;
  const { path } = location;
  if (!isRecord(value)) {
    readDopplerSecret(value, location, context, undefined);
    return { path };
  }
  const origin = readOrigin(value, location, context.environments);
  const { source, config, vaultPath } = origin;
  // Of an entry without a source, the fields tell what its writer had in mind.
  const meant = source ?? (Object.hasOwn(value, "vault") ? "vault" : "doppler");
  const read = {
    doppler: () => readDopplerSecret(value, location, context, config),
    vault: () => readVaultSecret(value, location, context, vaultPath),
    environment: () => readEnvironmentSecret(value, location, context),
  }[meant]();
  const complete = location.mistakes > before ? undefined : read;
  return { ...origin, path, name: secretNameSchema.safeParse(value.name).data, complete };
}
