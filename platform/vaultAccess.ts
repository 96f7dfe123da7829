import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { VaultClient } from "../clients/vault";
import type { VaultConfiguration } from "../config/stack";
import { fileFailure } from "../config/textFile";
import { once } from "./once";
import { secretSetting } from "./stackValues";

/** How Pulumi itself reaches Vault. */
export interface VaultAccess {
  address: string;
  token: pulumi.Output<string>;
  /** Authority of Vault's certificate: its PEM, and the file it is in, relative to the project's folder. */
  caCertificate?: string;
  caCertificateFile?: string;
}

/** Vault as the stack's configuration says how to reach it, and to log in to it. */
export interface VaultSession {
  /** Asks what needs no login. */
  anonymous: VaultClient;
  /** Logs in on first use. @throws RunError when a file cannot be read, or there is no token */
  access: () => Promise<VaultAccess>;
  /** A client that has logged in. */
  client: () => Promise<VaultClient>;
}

/** @throws RunError when the authority's certificate cannot be read */
export function vaultSession(configuration: VaultConfiguration): VaultSession {
  const { address, caCertificateFile } = configuration;
  const caCertificate = caCertificateFile && readText(caCertificateFile, "vault.caCertificateFile");
  const reached = { address, ...(caCertificate ? { caCertificate } : {}) };
  const anonymous = new VaultClient(reached);
  const token = once(() => login(configuration, anonymous));
  return {
    anonymous,
    client: async () => new VaultClient({ ...reached, token: await token() }),
    access: async () => ({
      ...reached,
      ...(caCertificateFile ? { caCertificateFile } : {}),
      token: pulumi.secret(await token()),
    }),
  };
}

/** With a token, or with the ServiceAccount of the pod that Pulumi runs in. */
function login({ login: settings }: VaultConfiguration, vault: VaultClient): Promise<string> {
  if (!settings) {
    return secretSetting({
      key: "vaultToken",
      variable: "VAULT_TOKEN",
      what: "Vault token",
      example: "a token with the policy in docs/vault.md",
    });
  }
  const { path, role, tokenFile } = settings.kubernetes;
  return vault.kubernetesLogin(path, role, readText(tokenFile, "vault.login.kubernetes.tokenFile").trim());
}

function readText(file: string, setting: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new pulumi.RunError(`${setting}: the file ${file} cannot be read (${fileFailure(error)})`);
  }
}
