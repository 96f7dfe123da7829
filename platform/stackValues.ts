import * as pulumi from "@pulumi/pulumi";

const DOPPLER_TOKEN = "dopplerToken";

/** The stack's configuration as Pulumi holds it, without the project's prefix, objects parsed, the encrypted token left out. */
export function stackValues(): Record<string, unknown> {
  const prefix = `${pulumi.getProject()}:`;
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pulumi.runtime.allConfig())) {
    const name = key.slice(prefix.length);
    // The encrypted token is read where it is used; one in plain text is left for the configuration's check to refuse.
    const encryptedToken = name === DOPPLER_TOKEN && encryptedKeys().includes(key);
    if (key.startsWith(prefix) && !encryptedToken) values[name] = parseValue(value);
  }
  return values;
}

/**
 * The token that mints service tokens: the stack's secret `dopplerToken`, else the variable DOPPLER_TOKEN.
 * @throws RunError when neither is set
 */
export async function dopplerToken(): Promise<string> {
  const configured = new pulumi.Config().getSecret(DOPPLER_TOKEN);
  const token = configured
    ? await new Promise<string>((resolve) => configured.apply(resolve))
    : process.env["DOPPLER_TOKEN"];
  if (token) return token;
  throw new pulumi.RunError(
    "no Doppler token: set the variable DOPPLER_TOKEN to a service account's token (dp.sa.…), " +
      `or store it encrypted: pulumi config set --secret ${DOPPLER_TOKEN}`,
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
