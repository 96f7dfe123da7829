import { randomBytes } from "node:crypto";
import type { Completed } from "../process/run";

/** What the example applications read from Vault: keys by path. Values are made up anew for every server. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  "billing/credentials": ["username", "password"],
  "secrets-service/config": ["INTERNAL_API_SECRET"],
  "shared/smtp": ["username", "password"],
  "shop/api-keys": ["warehouse"],
};

/** Runs a command inside the platform, with Vault's address and token in its environment. */
type Execute = (command: readonly string[], options: { input: string }) => Promise<Completed>;

/** Writes example values into OpenBao, whose data is in its memory. What is there already stays. */
export async function writeExampleSecrets(execute: Execute): Promise<void> {
  for (const [path, keys] of Object.entries(EXAMPLES)) {
    const values = Object.fromEntries(
      keys.map((key) => [key, `example-${randomBytes(9).toString("base64url")}`]),
    );
    const command = ["bao", "kv", "put", "-mount=secret", "-cas=0", path, "-"];
    const { code, stderr } = await execute(command, { input: JSON.stringify(values) });
    if (code !== 0 && !stderr.includes("check-and-set")) {
      throw new Error(`example values could not be written to secret/${path}: ${stderr.trim()}`);
    }
  }
}
