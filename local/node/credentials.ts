import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "./instance";

/** Whom the API server knows: Kubernetes' own parts, the server of names, and the person. */
export const KUBERNETES_USERS = [
  "admin",
  "controller-manager",
  "scheduler",
  "kubelet",
  "proxy",
  "coredns",
] as const;

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

/** The credentials of an instance, made when there are none yet. Users that came with a newer checkout get theirs. */
export async function credentialsOf(instance: Instance): Promise<Credentials> {
  const file = join(instance.configuration, "credentials.json");
  const text = await readFile(file, "utf8").catch(() => undefined);
  const known = text === undefined ? undefined : (JSON.parse(text) as Credentials);
  if (known !== undefined && KUBERNETES_USERS.every((user) => user in known.kubernetes)) return known;
  const credentials: Credentials = {
    openbao: random(),
    // The form of a service account's token, which clients check.
    doppler: `dp.sa.${random()}`,
    passphrase: random(),
    ...known,
    kubernetes: {
      admin: random(),
      "controller-manager": random(),
      scheduler: random(),
      kubelet: random(),
      proxy: random(),
      coredns: random(),
      ...known?.kubernetes,
    },
  };
  await mkdir(instance.configuration, { recursive: true, mode: 0o700 });
  for (const [name, value] of [
    ["passphrase", credentials.passphrase],
    ["openbao", credentials.openbao],
    ["doppler", credentials.doppler],
  ] as const) {
    await writeFile(credentialFile(instance, name), value, { mode: 0o600 });
  }
  // The last one, in one step: when it is there, all are.
  await writeFile(`${file}.new`, JSON.stringify(credentials), { mode: 0o600 });
  await rename(`${file}.new`, file);
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
