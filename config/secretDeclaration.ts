import { readDopplerSecret } from "./dopplerSecret";
import type { DopplerDeclaration } from "./dopplerSecret";
import type { Location, Path } from "./location";
import { isRecord } from "./reading";
import { secretNameSchema } from "./secretFields";
import type { SecretContext } from "./secretFields";
import { readOrigin } from "./secretOrigin";
import type { OriginDraft } from "./secretOrigin";
import { readVaultSecret } from "./vaultSecret";
import type { VaultDeclaration } from "./vaultSecret";

/** One Kubernetes Secret that an application declares; values may still differ per environment. */
export type SecretDeclaration = DopplerDeclaration | VaultDeclaration;

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
  const isVault = source === undefined ? Object.hasOwn(value, "vault") : source === "vault";
  const read = isVault
    ? readVaultSecret(value, location, context, vaultPath)
    : readDopplerSecret(value, location, context, config);
  const complete = location.mistakes > before ? undefined : read;
  return { ...origin, path, name: secretNameSchema.safeParse(value.name).data, complete };
}
