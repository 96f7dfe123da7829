import { z } from "zod";
import { addressSchema } from "./address";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { isRecord, readMap, readObject, readValue } from "./reading";
import type { VaultConfiguration, VaultKubernetesLogin } from "./stack";
import { uniqueList } from "./uniqueList";
import { isShared, vaultPathSchema } from "./vaultPath";
import { wholeNumber } from "./wholeNumber";

const DEFAULT_MOUNT = "secret";
const DEFAULT_AUTH = { path: "kubernetes", audience: "vault", tokenSeconds: 1200 };
const TOKEN_SECONDS = { least: 60, most: 86_400 };
const PENDING_SECONDS = { default: 7 * 86_400, least: 60, most: 31_536_000 };
/** Where Kubernetes puts the token of a pod's ServiceAccount. */
const POD_TOKEN_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/** The API server, as pods of its cluster reach it. */
const IN_CLUSTER_HOST = "https://kubernetes.default.svc";

const HOST_REMEDY =
  "the address of the cluster's API server as Vault reaches it, such as https://10.0.0.1:6443";
const GRANTS_REMEDY = "a list of applications, such as [shop]";
const AUDIENCE_REMEDY = "the audience of the ServiceAccounts' tokens, such as vault";
const CERTIFICATE_REMEDY = "the path of a PEM file, relative to the project's folder";

function vaultAddress(reader: string) {
  return addressSchema(
    `Vault's address as ${reader}, such as https://vault.example:8200: http or https, no path, no user`,
  );
}

function authPath(what: string) {
  return nameSchema(NAMES.vaultPath, what);
}

/** Pulumi gives single values as text and those inside maps as they are. */
const truthValue = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], {
  error: "true or false",
});

const filePath = (remedy: string) => z.string({ error: remedy }).regex(/^[^\0\n]+$/, { error: remedy });

const vaultSchema = z.object({
  address: vaultAddress("Pulumi reaches it"),
  operatorAddress: vaultAddress("the operator's pods reach it").optional(),
  mount: authPath("the mount of the KV v2 secrets").optional(),
  auth: z.unknown(),
  inCluster: truthValue.optional(),
  // Not only hosts: the API servers of some platforms are below a path.
  kubernetesHost: z
    .string({ error: HOST_REMEDY })
    .regex(/^https:\/\/[^\s?#@]+$/, { error: HOST_REMEDY })
    .transform((text) => text.replace(/\/$/, ""))
    .optional(),
  caCertificateFile: filePath(CERTIFICATE_REMEDY).optional(),
  login: z.unknown(),
  policies: z.unknown(),
  grants: z.unknown(),
  purge: truthValue.optional(),
  pendingSeconds: wholeNumber(PENDING_SECONDS.least, PENDING_SECONDS.most, "seconds").optional(),
});

const authSchema = z.object({
  path: authPath("the mount of the kubernetes auth method").optional(),
  audience: z
    .string({ error: AUDIENCE_REMEDY })
    .regex(/^[^\s]{1,253}$/, { error: AUDIENCE_REMEDY })
    .optional(),
  tokenSeconds: wholeNumber(TOKEN_SECONDS.least, TOKEN_SECONDS.most, "seconds").optional(),
});

const loginSchema = z.object({ kubernetes: z.unknown() });

const kubernetesLoginSchema = z.object({
  role: nameSchema(NAMES.vaultPolicy, "the role that Pulumi logs in with"),
  path: authPath("the mount of the auth method that Pulumi logs in with").optional(),
  tokenFile: filePath("the path of a file with a ServiceAccount's token").optional(),
});

const policiesSchema = uniqueList(
  nameSchema(NAMES.vaultPolicy, "the name of a policy in Vault").refine((name) => name !== "root", {
    error: "another policy: Vault gives this one to no application",
  }),
  "a list of policies in Vault, such as [audit-read], or no `policies`",
  { found: "the same policy again", remedy: "every one once" },
);

const grantSchema = uniqueList(
  nameSchema(NAMES.kubernetesLabel, "the name of an application"),
  GRANTS_REMEDY,
  { found: "the same application again", remedy: "every one once" },
);

/** What could be read of `vault`, and the whole of it when nothing is wrong. */
export interface VaultDraft {
  /** Undefined: something is wrong with them. */
  readonly grants?: VaultConfiguration["grants"] | undefined;
  readonly complete?: VaultConfiguration | undefined;
}

/** Reads `vault` of a stack's configuration. */
export function readVault(value: unknown, location: Location): VaultDraft {
  const before = location.mistakes;
  const { fields } = readObject(vaultSchema, value, location);
  if (!isRecord(value)) return {};
  const auth = readAuth(fields.auth, location.at("auth"));
  const login = readLogin(fields.login, location.at("login"), auth.path);
  const policies = readPolicies(fields.policies, location.at("policies"));
  const grants = readGrants(fields.grants, location.at("grants"));
  const { address, mount = DEFAULT_MOUNT, inCluster = false, caCertificateFile, purge = false } = fields;
  const { operatorAddress = address, pendingSeconds = PENDING_SECONDS.default } = fields;
  const { kubernetesHost = inCluster ? IN_CLUSTER_HOST : undefined } = fields;
  if (caCertificateFile !== undefined)
    checkCertificate([address, operatorAddress], location.at("caCertificateFile"));
  if (location.mistakes > before || grants === undefined) return { grants };
  if (address === undefined || operatorAddress === undefined) return { grants };
  const complete: VaultConfiguration = {
    address,
    operatorAddress,
    mount,
    auth,
    inCluster,
    ...(kubernetesHost !== undefined && { kubernetesHost }),
    ...(caCertificateFile !== undefined && { caCertificateFile }),
    ...(login && { login: { kubernetes: login } }),
    policies,
    grants,
    purge,
    pendingSeconds,
  };
  return { grants, complete };
}

function readAuth(value: unknown, location: Location): VaultConfiguration["auth"] {
  const { fields } = readObject(authSchema, value ?? {}, location);
  const { path = DEFAULT_AUTH.path, audience = DEFAULT_AUTH.audience } = fields;
  const { tokenSeconds = DEFAULT_AUTH.tokenSeconds } = fields;
  return { path, audience, tokenSeconds };
}

/** @param mount the applications' auth method */
function readLogin(value: unknown, location: Location, mount: string): VaultKubernetesLogin | undefined {
  if (value === undefined) return undefined;
  const { kubernetes } = readObject(loginSchema, value, location).fields;
  if (!isRecord(value)) return undefined;
  const { fields } = readObject(kubernetesLoginSchema, kubernetes, location.at("kubernetes"));
  const { role, path = mount, tokenFile = POD_TOKEN_FILE } = fields;
  return role === undefined ? undefined : { role, path, tokenFile };
}

function readPolicies(value: unknown, location: Location): readonly string[] {
  return value === undefined ? [] : (readValue(policiesSchema, value, location) ?? []);
}

/** Grants are for what nobody may read without: everybody may name what is shared. */
function readGrants(value: unknown, location: Location): VaultConfiguration["grants"] | undefined {
  const before = location.mistakes;
  const grants = readMap(vaultPathSchema, grantSchema, value, location, '{ "legacy/db": [shop] }');
  for (const path of Object.keys(grants).filter(isShared)) {
    const remedy = "no grant: every application that names this path under `from` may read it";
    location.at(path).refuse("a grant for what several applications read", remedy, "key");
  }
  return location.mistakes > before ? undefined : grants;
}

function checkCertificate(addresses: readonly (string | undefined)[], location: Location): void {
  const known = addresses.filter((address) => address !== undefined);
  if (known.length < addresses.length || known.some((address) => /^https:/i.test(address))) return;
  location.refuse("a certificate for http", "an https address of Vault, or no `caCertificateFile`", "key");
}
