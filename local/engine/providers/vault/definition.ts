import { readFileSync } from "node:fs";
import type { ProviderArgs } from "@pulumi/vault";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import {
  UNKNOWN,
  type CheckFailure,
  type ProviderDefinition,
  type Values,
} from "../../../../provider/definition";
import { authBackend } from "./authBackend";
import { authBackendConfig } from "./authBackendConfig";
import { authBackendRole } from "./authBackendRole";
import { mount } from "./mount";
import { policy } from "./policy";
import { secretV2 } from "./secretV2";

/** The arguments that this provider knows, and the variable that each is taken from when the program gives none. */
const ARGUMENTS = {
  address: "VAULT_ADDR",
  token: "VAULT_TOKEN",
  caCertFile: "VAULT_CACERT",
  namespace: "VAULT_NAMESPACE",
  skipTlsVerify: "VAULT_SKIP_VERIFY",
  // What follows changes nothing here: no child token is ever made, and requests are tried again a few times anyway.
  skipChildToken: undefined,
  skipGetVaultVersion: undefined,
  maxLeaseTtlSeconds: undefined,
  maxRetries: undefined,
} as const satisfies Partial<Record<keyof ProviderArgs, string | undefined>>;

type ArgumentName = keyof typeof ARGUMENTS;

/** How long Vault may be silent, in milliseconds. */
const TIMEOUT_MILLISECONDS = 30_000;

const EXAMPLE_ADDRESS = "https://vault.example:8200";

/** The resource types of the vendor's vault provider that a stack may use here. Version: the npm SDK's. */
export const vaultProvider: ProviderDefinition<VaultAddress> = {
  name: "vault",
  version: "7.8.0",
  checkConfiguration,
  configure: (inputs) => {
    const [address, token, file, namespace] = (["address", "token", "caCertFile", "namespace"] as const).map(
      (name) => argument(inputs, name),
    );
    return {
      address: (address ?? "").replace(/\/$/, ""),
      timeoutMilliseconds: TIMEOUT_MILLISECONDS,
      skipTlsVerify: argument(inputs, "skipTlsVerify") === "true",
      ...(token !== undefined && { token }),
      ...(namespace !== undefined && { namespace }),
      ...(file !== undefined && { caCertificate: certificateOf(file) }),
    };
  },
  resources: {
    "vault:index/authBackend:AuthBackend": authBackend,
    "vault:index/mount:Mount": mount,
    "vault:index/policy:Policy": policy,
    "vault:kubernetes/authBackendConfig:AuthBackendConfig": authBackendConfig,
    "vault:kubernetes/authBackendRole:AuthBackendRole": authBackendRole,
    "vault:kv/secretV2:SecretV2": secretV2,
  },
};

/** All of a provider's arguments arrive as strings. */
function argument(inputs: Values, name: ArgumentName): string | undefined {
  const variable = ARGUMENTS[name];
  const value = inputs[name] ?? (variable === undefined ? undefined : process.env[variable]);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function certificateOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`caCertFile ${file} cannot be read, write the path of a PEM file: ${reason}`);
  }
}

function checkConfiguration(news: Values): CheckFailure[] {
  const failures = Object.keys(news)
    .filter((name) => !(name in ARGUMENTS))
    .map((name) => ({
      property: name,
      reason: `Invalid or unknown key; the embedded provider takes ${Object.keys(ARGUMENTS).join(", ")}`,
    }));
  const address = argument(news, "address");
  if (news["address"] !== UNKNOWN && !isUrl(address)) {
    failures.push({ property: "address", reason: `write Vault's address, such as ${EXAMPLE_ADDRESS}` });
  }
  return failures;
}

function isUrl(text: string | undefined): boolean {
  return text !== undefined && /^https?:\/\//.test(text) && URL.canParse(text);
}
