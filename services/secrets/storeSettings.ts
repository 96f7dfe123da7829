import type { VaultAddress } from "../../clients/vaultHttp";
import { isHttpUrl } from "./accessSettings";
import type { EnvironmentReading } from "./environmentReading";
import { isKeyName, KEY_NAME_RULE } from "./keyName";
import { kindOf } from "./mistakes";
import type { VaultCredentials } from "./stores/vaultLogin";
import type { VaultStoreOptions } from "./stores/vaultStore";
import { readText } from "./watchedFile";

const ACCOUNT_TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** Where values come from. */
export type StoreSettings =
  | { readonly kind: "env"; readonly values: ReadonlyMap<string, string> }
  | {
      readonly kind: "file";
      /** Path of a file, or of a folder. */
      readonly file: string;
    }
  | ({ readonly kind: "vault" } & VaultStoreOptions);

/** Reads which store is used, and what it needs. */
export function readStore(reading: EnvironmentReading): StoreSettings {
  const kinds = ["env", "file", "vault"] as const;
  const named = reading.required("SECRETS_STORE", kinds.join(", "));
  const kind = named === "" ? undefined : reading.choice("SECRETS_STORE", kinds, "file");
  if (kind === "env") return { kind, values: readListed(reading) };
  if (kind === "vault") return { kind, ...readVault(reading) };
  const remedy = "the path of a JSON or .env file, or of a folder with a file for each key";
  const file = kind === "file" ? reading.required("SECRETS_FILE", remedy) : "";
  return { kind: "file", file };
}

/** The listed variables; one that is not set is a mistake. */
function readListed(reading: EnvironmentReading): ReadonlyMap<string, string> {
  const names = reading.list("SECRETS_ENV_KEYS");
  if (names.length === 0) {
    reading.refuse("SECRETS_ENV_KEYS", "nothing", "the names of the variables that are served, with commas");
  }
  const values = new Map<string, string>();
  for (const name of names) {
    const value = reading.optional(name);
    if (!isKeyName(name)) reading.refuse("SECRETS_ENV_KEYS", "a name that no key can have", KEY_NAME_RULE);
    else if (value === undefined)
      reading.refuse(name, "nothing", "its value, or leave it out of SECRETS_ENV_KEYS");
    else values.set(name, value);
  }
  return values;
}

function readVault(reading: EnvironmentReading): VaultStoreOptions {
  const address = reading.required("VAULT_ADDR", "Vault's URL, such as https://vault.example.com:8200");
  if (address !== "" && !isHttpUrl(address)) reading.refuse("VAULT_ADDR", kindOf(address), "a URL");
  const [mount = "", ...path] = reading
    .required(
      "VAULT_SECRET_PATH",
      "MOUNT/PATH of a secret, such as secret/shared/internal, or secret/internal/{key}",
    )
    .split("/");
  if (
    mount !== "" &&
    (path.length === 0 || path.some((segment) => segment === "" || segment.startsWith(".")))
  ) {
    reading.refuse("VAULT_SECRET_PATH", "no path within a mount", "MOUNT/PATH, without /data/ in it");
  }
  const namespace = reading.optional("VAULT_NAMESPACE");
  const caCertificate = readAuthority(reading);
  const vault: VaultAddress = {
    address: address.replace(/\/+$/, ""),
    timeoutMilliseconds: reading.milliseconds("VAULT_TIMEOUT_SECONDS", { least: 0.1, most: 60, usual: 3 }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(caCertificate === undefined ? {} : { caCertificate }),
  };
  return {
    vault,
    credentials: readCredentials(reading),
    mount,
    path: path.join("/"),
    field: reading.text("VAULT_FIELD", "value"),
    cacheMilliseconds: reading.milliseconds("VAULT_CACHE_SECONDS", { least: 0.1, most: 3_600, usual: 30 }),
    staleMilliseconds: reading.milliseconds("VAULT_STALE_SECONDS", { least: 0, most: 86_400, usual: 600 }),
  };
}

function readAuthority(reading: EnvironmentReading): string | undefined {
  const file = reading.optional("VAULT_CACERT");
  try {
    return file === undefined ? undefined : readText(file);
  } catch (error) {
    reading.refuse("VAULT_CACERT", (error as Error).message, "the path of a PEM file");
    return undefined;
  }
}

function readCredentials(reading: EnvironmentReading): VaultCredentials {
  const token = reading.optional("VAULT_TOKEN");
  const file = reading.optional("VAULT_TOKEN_FILE");
  const role = reading.optional("VAULT_KUBERNETES_ROLE");
  const mount = reading.text("VAULT_KUBERNETES_MOUNT", "kubernetes");
  const tokenFile = reading.text("VAULT_KUBERNETES_TOKEN_FILE", ACCOUNT_TOKEN_FILE);
  const ways: VaultCredentials[] = [];
  if (role !== undefined) ways.push({ kind: "kubernetes", mount, role, tokenFile });
  if (file !== undefined) ways.push({ kind: "tokenFile", file });
  if (token !== undefined) ways.push({ kind: "token", token });
  const [way = { kind: "token", token: "" }] = ways;
  if (ways.length !== 1) {
    reading.refuse(
      "VAULT_KUBERNETES_ROLE",
      ways.length === 0 ? "nothing" : "more than one way to log in to Vault",
      "a role; or set VAULT_TOKEN_FILE or VAULT_TOKEN, but only one of the three",
    );
  }
  return way;
}
