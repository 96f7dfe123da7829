import { badRequest } from "../errors";

/** Who sees the value in Doppler's dashboard. Tokens of machines read all three. */
export const VISIBILITIES = ["masked", "unmasked", "restricted"] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** A secret as it is stored, references not resolved. */
export interface Secret {
  raw: string;
  visibility: Visibility;
  /** Doppler's value type, such as `string`, `decimal` or `json`. Kept, not checked. */
  valueType: string;
}

/** What Doppler puts into every config itself. These names cannot be set. */
export const MANAGED_SECRETS = ["DOPPLER_CONFIG", "DOPPLER_ENVIRONMENT", "DOPPLER_PROJECT"] as const;

/** Doppler's platform limits (https://docs.doppler.com/docs/platform-limits). */
export const SECRET_LIMITS = {
  nameLength: 200,
  valueBytes: 50 * 1024,
  configBytes: 500 * 1024,
  secretsPerConfig: 1200,
} as const;

const NAME = /^[A-Z_][A-Z0-9_]*$/;

/** Throws when Doppler would not take the name. */
export function checkSecretName(name: string): void {
  if (!NAME.test(name) || name.length > SECRET_LIMITS.nameLength) {
    throw badRequest(
      `Secret name '${name.slice(0, SECRET_LIMITS.nameLength)}' is invalid: use upper case letters, digits and ` +
        `underscores, not beginning with a digit, at most ${SECRET_LIMITS.nameLength} characters`,
    );
  }
  if (MANAGED_SECRETS.some((managed) => managed === name)) {
    throw badRequest(`Secret name '${name}' is reserved by Doppler`);
  }
}

/** Throws when Doppler would not take the value. The message never holds it. */
export function checkSecretValue(name: string, value: string): void {
  if (Buffer.byteLength(value) > SECRET_LIMITS.valueBytes) {
    throw badRequest(`The value of '${name}' is larger than ${SECRET_LIMITS.valueBytes} bytes`);
  }
}

/** Throws when a config would hold more than Doppler allows. */
export function checkConfigSize(secrets: ReadonlyMap<string, Secret>): void {
  if (secrets.size > SECRET_LIMITS.secretsPerConfig) {
    throw badRequest(`A config holds at most ${SECRET_LIMITS.secretsPerConfig} secrets`);
  }
  let bytes = 0;
  for (const [name, secret] of secrets) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(secret.raw);
  }
  if (bytes > SECRET_LIMITS.configBytes) {
    throw badRequest(`A config holds at most ${SECRET_LIMITS.configBytes} bytes`);
  }
}
