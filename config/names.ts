import { z } from "zod";

/** What a name may be, by whom it has to please. */
interface NameRule {
  readonly pattern: RegExp;
  /** Most characters. */
  readonly longest: number;
  /** The rule in words, for "write". */
  readonly rule: string;
}

const SUBDOMAIN = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*";
const QUALIFIED_NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

/** A part of a path in Vault: not `.` or `..`, and nothing that a policy would take as a wildcard. */
const VAULT_SEGMENT = "(?!\\.{1,2}(?:/|$))[-._A-Za-z0-9]+";

/** Names that Kubernetes, Doppler and Vault accept, as their own validation has them. */
export const NAMES = {
  /** RFC 1123 label: names of namespaces and applications. */
  kubernetesLabel: {
    pattern: /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/,
    longest: 63,
    rule: "lowercase letters, digits and `-`, a letter or digit at both ends, up to 63 characters",
  },
  /** RFC 1123 subdomain: names of Secrets, ConfigMaps and most other objects. */
  kubernetesSubdomain: {
    pattern: new RegExp(`^${SUBDOMAIN}$`),
    longest: 253,
    rule: "lowercase letters, digits, `-` and `.`, a letter or digit at both ends, up to 253 characters",
  },
  /** Keys of Secrets and ConfigMaps. */
  dataKey: {
    pattern: /^(?!\.$)(?!\.\.)[-._a-zA-Z0-9]+$/,
    longest: 253,
    rule: "letters, digits, `-`, `_` and `.`, not `..` at the start, up to 253 characters",
  },
  /** Keys of labels. */
  labelKey: {
    pattern: new RegExp(`^(?:(?=[^/]{1,253}/)${SUBDOMAIN}/)?${QUALIFIED_NAME}$`),
    longest: 253 + 1 + 63,
    rule: "up to 63 letters, digits, `-`, `_` and `.`, after a domain and `/` if it has one",
  },
  /** Keys of annotations: as those of labels, with capitals in the domain too. */
  annotationKey: {
    pattern: new RegExp(`^(?:(?=[^/]{1,253}/)${SUBDOMAIN}/)?${QUALIFIED_NAME}$`, "i"),
    longest: 253 + 1 + 63,
    rule: "up to 63 letters, digits, `-`, `_` and `.`, after a domain and `/` if it has one",
  },
  labelValue: {
    pattern: new RegExp(`^(?:${QUALIFIED_NAME})?$`),
    longest: 63,
    rule: "up to 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
  },
  /** Variables of the environment, as a shell can set them. */
  environmentVariable: {
    pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
    longest: 253,
    rule: "letters, digits and `_`, no digit first, up to 253 characters",
  },
  /** Names of secrets in Doppler. */
  dopplerSecret: {
    pattern: /^[A-Z_][A-Z0-9_]*$/,
    longest: 200,
    rule: "capital letters, digits and `_`, no digit first, up to 200 characters, as Doppler has it",
  },
  /** Names of configs in Doppler, and of environments, whose configs are named after them. */
  dopplerConfig: {
    pattern: /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/,
    longest: 60,
    rule: "lowercase letters, digits, `-` and `_`, a letter or digit at both ends, up to 60 characters",
  },
  /** Keys of the secrets service, as it takes them. */
  serviceKey: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/,
    longest: 128,
    rule: "letters, digits, `_`, `-` and `.`, neither `-` nor `.` first, up to 128 characters",
  },
  /** Projects in Doppler. */
  dopplerProject: {
    pattern: /^[A-Za-z0-9](?:[-_.A-Za-z0-9]*[A-Za-z0-9])?$/,
    longest: 100,
    rule: "letters, digits, `-`, `_` and `.`, a letter or digit at both ends",
  },
  /** Paths of secrets, mounts and auth methods in Vault. */
  vaultPath: {
    pattern: new RegExp(`^${VAULT_SEGMENT}(?:/${VAULT_SEGMENT})*$`),
    longest: 400,
    rule: "letters, digits, `-`, `_` and `.` in parts with one `/` between them, none of them `.` or `..`, up to 400 characters",
  },
  /** The first part of such a path. */
  vaultSegment: {
    pattern: new RegExp(`^${VAULT_SEGMENT}$`),
    longest: 128,
    rule: "letters, digits, `-`, `_` and `.`, not `.` or `..`, up to 128 characters",
  },
  /** Policies and roles in Vault, which has them in lowercase. */
  vaultPolicy: {
    pattern: /^[a-z0-9](?:[-._a-z0-9]*[a-z0-9])?$/,
    longest: 128,
    rule: "lowercase letters, digits, `-`, `_` and `.`, a letter or digit at both ends, up to 128 characters",
  },
  /** Pulumi stacks, with their organization and project or without. */
  stack: {
    pattern: /^(?:[-_.A-Za-z0-9]+\/){0,2}[-_.A-Za-z0-9]+$/,
    longest: 300,
    rule: "letters, digits, `-`, `_` and `.`",
  },
} as const satisfies Record<string, NameRule>;

/**
 * A text that follows a rule.
 *
 * @param what what is named, with its article, such as "the name of the Kubernetes Secret"
 */
export function nameSchema({ pattern, longest, rule }: NameRule, what: string): z.ZodString {
  const remedy = `${what}: ${rule}`;
  return z
    .string({ error: remedy })
    .max(longest, { error: remedy, abort: true })
    .regex(pattern, { error: remedy });
}

/** Namespaces of Kubernetes' own parts, where no application's Secret belongs. */
const RESERVED_NAMESPACES: readonly string[] = ["kube-system", "kube-public", "kube-node-lease"];

/** The name of a namespace that is not Kubernetes' own. */
export const namespaceSchema: z.ZodType<string> = nameSchema(NAMES.kubernetesLabel, "a namespace").refine(
  (name) => !RESERVED_NAMESPACES.includes(name),
  { error: "another namespace: this one is for Kubernetes' own parts" },
);
