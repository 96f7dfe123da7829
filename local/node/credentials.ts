import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "./instance";

/** The identities that Kubernetes' own parts have, which its built-in roles are bound to, and the person's. */
export const KUBERNETES_USERS = ["admin", "controller-manager", "scheduler", "kubelet", "proxy"] as const;

export type KubernetesUser = (typeof KUBERNETES_USERS)[number];

/** Credentials of an instance, made at random once. They never leave the machine, nor files of mode 0600. */
export interface Credentials {
  /** Bearer tokens at the API server. */
  kubernetes: Record<KubernetesUser, string>;
  /** OpenBao's root token. */
  openbao: string;
  /** Token of the service account that may do everything in the Doppler emulator. */
  doppler: string;
  /** Passphrase that encrypts secrets in Pulumi's state. */
  passphrase: string;
}

/** The credentials of an instance, made when there are none yet. */
export async function credentialsOf(instance: Instance): Promise<Credentials> {
  const file = join(instance.configuration, "credentials.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) return JSON.parse(text) as Credentials;
  const credentials: Credentials = {
    kubernetes: {
      admin: random(),
      "controller-manager": random(),
      scheduler: random(),
      kubelet: random(),
      proxy: random(),
    },
    openbao: random(),
    // The form of a service account's token, which clients check.
    doppler: `dp.sa.${random()}`,
    passphrase: random(),
  };
  await mkdir(instance.configuration, { recursive: true, mode: 0o700 });
  for (const [name, value] of [
    ["passphrase", credentials.passphrase],
    ["openbao", credentials.openbao],
    ["doppler", credentials.doppler],
  ] as const) {
    await writeFile(credentialFile(instance, name), value, { mode: 0o600 });
  }
  // The last one: when it is there, all are.
  await writeFile(file, JSON.stringify(credentials), { mode: 0o600 });
  return credentials;
}

/** File that holds one credential and nothing else, for commands that read it from there. */
export function credentialFile(instance: Instance, name: "passphrase" | "openbao" | "doppler"): string {
  return join(instance.configuration, `${name}.credential`);
}

/** 42 letters and digits, as Doppler's own tokens have. */
function random(): string {
  return randomBytes(21).toString("hex");
}
