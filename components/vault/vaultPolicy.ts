/**
 * What an application's identity may do in Vault. Pure: paths in, text out.
 * Source: https://developer.hashicorp.com/vault/docs/concepts/policies
 */

/** What a policy is made from. */
export interface VaultPolicySettings {
  /** Full name of the stack that owns the policy, `organization/project/stack`. */
  owner: string;
  application: string;
  /** The KV v2 mount, such as `secret`. */
  mount: string;
  /** The application's own subtree below the mount, such as `cert-manager`. */
  service: string;
  /** Paths outside of it that the application was granted, below the mount, such as `shared/ovh-dns`. */
  grants: readonly string[];
}

/** How the first line of every policy begins: it tells which stack a policy belongs to. */
const HEADER = "# Made by secrets-platform";

/**
 * The text of an application's policy: read on everything in its own subtree, read on exactly the granted paths,
 * and nothing else. The same declaration always gives the same text.
 * @throws Error for a path with a character that a policy would not take literally
 */
export function vaultPolicy(settings: VaultPolicySettings): string {
  const { owner, application, mount, service, grants } = settings;
  const blocks = [
    `${header(owner)}: what application ${application} may read.`,
    rule("Its own secrets.", `${dataPath(mount, service)}/*`, ["read"]),
    ...[...new Set(grants)]
      .sort()
      .map((grant) => rule("Granted by its declaration.", dataPath(mount, grant), ["read"])),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** The text of the policy of a Job that fills one secret once: it may write that path and do nothing else. */
export function populationPolicy(
  settings: Pick<VaultPolicySettings, "owner" | "application" | "mount"> & { path: string },
): string {
  const { owner, application, mount, path } = settings;
  return `${header(owner)}: what the Job that fills ${path} for application ${application} may write.

${rule("That one secret.", dataPath(mount, path), ["create", "update"])}
`;
}

/** Full name of the stack that owns a policy; undefined for the policy of somebody else. */
export function policyOwner(text: string): string | undefined {
  return /^# Made by secrets-platform \(([^)]+)\)/.exec(text)?.[1];
}

function header(owner: string): string {
  return `${HEADER} (${owner})`;
}

function rule(reason: string, path: string, capabilities: readonly string[]): string {
  return [
    `# ${reason}`,
    `path ${JSON.stringify(path)} {`,
    `  capabilities = ${JSON.stringify(capabilities)}`,
    "}",
  ].join("\n");
}

/** Where KV v2 keeps the values of a secret. */
function dataPath(mount: string, path: string): string {
  return [...literalSegments(mount), "data", ...literalSegments(path)].join("/");
}

/** `*` and `+` would be wildcards, `{{` a template, and an empty segment or a dot another path than it looks. */
function literalSegments(path: string): string[] {
  const segments = path.split("/");
  const wrong = segments.find((segment) => !/^[A-Za-z0-9._-]+$/.test(segment) || /^\.{1,2}$/.test(segment));
  if (wrong === undefined) return segments;
  throw new Error(
    `${JSON.stringify(path)} cannot stand in a Vault policy: write segments of letters, digits, ".", "_" and "-", ` +
      `with one "/" between them, in place of ${JSON.stringify(wrong)}`,
  );
}
