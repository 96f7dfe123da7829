import { badRequest } from "../errors";
import type { Config } from "./config";
import { checkSecretName, checkSecretValue, type Secret, type Visibility } from "./secret";

/** One change to a config's secrets, in the terms of the API's `change_requests`. */
export interface SecretChange {
  name: string;
  /** The name before this change, when it is a rename. */
  originalName?: string;
  /** Null leaves the value as it is. */
  value: string | null;
  shouldDelete?: boolean;
  visibility?: Visibility;
  valueType?: string;
}

/** Applies all changes in order, or none when one is refused. */
export function changeSecrets(config: Config, changes: readonly SecretChange[]): void {
  const secrets = new Map(config.own);
  for (const change of changes) {
    applyChange(config, secrets, change);
  }
  config.replaceOwn(secrets);
}

function applyChange(config: Config, secrets: Map<string, Secret>, change: SecretChange): void {
  const { name, originalName = name, value } = change;
  if (change.shouldDelete === true) {
    secrets.delete(originalName);
    return;
  }
  checkSecretName(name);
  const before = secrets.get(originalName) ?? config.parent?.own.get(originalName);
  const raw = value ?? before?.raw;
  if (raw === undefined) {
    throw badRequest(`Secret '${name}' does not exist: a value is needed`);
  }
  checkSecretValue(name, raw);
  if (originalName !== name) {
    secrets.delete(originalName);
  }
  secrets.set(name, {
    raw,
    visibility: change.visibility ?? before?.visibility ?? "masked",
    valueType: change.valueType ?? before?.valueType ?? "string",
  });
}
