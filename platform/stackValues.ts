import * as pulumi from "@pulumi/pulumi";

/** Settings that are encrypted in the stack's file. */
const ENCRYPTED: readonly string[] = ["dopplerToken", "vaultToken"];

/** The stack's configuration as Pulumi holds it, without the project's prefix, objects parsed, encrypted tokens left out. */
export function stackValues(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const name = key.slice(prefix.length);
    // An encrypted token is read where it is used; one in plain text is left for the configuration's check to refuse.
    const encryptedToken = ENCRYPTED.includes(name) && encryptedKeys().includes(key);
    if (key.startsWith(prefix) && !encryptedToken) values[name] = parseValue(value);
  }
  return values;
}

/** A token that is encrypted in the stack's configuration, or in a variable. */
export interface SecretSetting {
  /** Its key in the stack's configuration. */
  key: string;
  variable: string;
  /** What it is, such as `Doppler token`. */
  what: string;
  /** What to set the variable to. */
  example: string;
}

/** The token that mints service tokens. */
export const DOPPLER_TOKEN: SecretSetting = {
  key: "dopplerToken",
  variable: "DOPPLER_TOKEN",
  what: "Doppler token",
  example: "a service account's token (dp.sa.…)",
};

/**
 * A token: the stack's secret, else the variable.
 * @throws RunError when neither is set
 */
export async function secretSetting({ key, variable, what, example }: SecretSetting): Promise<string> {
  const configured = new pulumi.Config().getSecret(key);
  const token = configured
    ? await new Promise<string>((resolve) => configured.apply(resolve))
    : process.env[variable];
  if (token) return token;
  throw new pulumi.RunError(
    `no ${what}: set the variable ${variable} to ${example}, ` +
      `or store it encrypted: pulumi config set --secret ${key}`,
  );
}

/** Structured values arrive as JSON; text that only looks like a number stays text. */
function parseValue(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Keys whose values are encrypted in the stack's file, as the engine tells the program. */
function encryptedKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}
