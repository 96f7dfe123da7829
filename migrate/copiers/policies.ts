/** What policies in Vault open: those that applications are to have, and those that open too much. Pure. */
import { isRecord } from "../../config/reading";
import { SHARED_TREES } from "../../config/vaultPath";
import { ApplicationFile } from "./applicationFiles";

/** What an application may read after the migration. */
export interface ApplicationPolicy {
  /** Name in Vault. */
  readonly policy: string;
  readonly application: string;
  /** Paths that it may read, as a policy has them. */
  readonly reads: readonly string[];
}

/** A rule of a policy that opens the secrets of several applications. */
export interface WideRule {
  readonly policy: string;
  readonly path: string;
}

/** Capabilities with which a value can be read or changed. */
const OPENING = new Set(["read", "create", "update", "patch", "delete", "sudo", "write"]);
/** Policies of Vault itself. */
const BUILT_IN = new Set(["root", "default"]);

/**
 * The policies that the platform makes for applications.
 *
 * @param environment undefined: not told
 */
export function applicationPolicies(
  files: readonly ApplicationFile[],
  mount: string,
  environment = "<environment>",
): ApplicationPolicy[] {
  return files.map(({ application, service, paths }) => ({
    policy: `${environment}-${application}`,
    application,
    reads: [`${service}/*`, ...paths].map((path) => `${mount}/data/${path}`),
  }));
}

/**
 * Rules of policies whose wildcard opens several applications' subtrees, or several secrets that are shared.
 *
 * @param policies name -> text, HCL or JSON
 * @param kept policies that may: those of people, and of whoever makes the policies
 */
export function wideRules(
  policies: ReadonlyMap<string, string>,
  mount: string,
  kept: readonly string[] = [],
): WideRule[] {
  return [...policies]
    .filter(([policy]) => !BUILT_IN.has(policy) && !kept.includes(policy))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([policy, text]) =>
      rulesOf(text)
        .filter(({ path, capabilities }) => isWide(path, mount) && opens(capabilities))
        .map(({ path }) => ({ policy, path })),
    );
}

interface Rule {
  path: string;
  capabilities: readonly string[];
}

function opens(capabilities: readonly string[]): boolean {
  return !capabilities.includes("deny") && capabilities.some((capability) => OPENING.has(capability));
}

/** Whether a path of a policy matches values of two subtrees: a wildcard stands where the subtree's name would. */
function isWide(path: string, mount: string): boolean {
  const segments = path.replace(/^\//, "").split("/");
  const fixed = [...mount.split("/"), "data"];
  for (const [index, expected] of fixed.entries()) {
    const match = matchSegment(segments[index], expected);
    if (match !== "same") return match === "everything after";
  }
  const [tree = "", ...rest] = segments.slice(fixed.length);
  return isWild(tree) || (SHARED_TREES.includes(tree) && isWild(rest[0] ?? ""));
}

/** `+` is one whole segment; `*` is only a wildcard at the end of a path. */
function matchSegment(segment: string | undefined, expected: string): "same" | "other" | "everything after" {
  if (segment === undefined) return "other";
  if (segment === expected || segment === "+") return "same";
  return segment.endsWith("*") && expected.startsWith(segment.slice(0, -1)) ? "everything after" : "other";
}

function isWild(segment: string): boolean {
  return segment === "+" || segment.endsWith("*");
}

function rulesOf(text: string): Rule[] {
  try {
    return jsonRules(JSON.parse(text));
  } catch {
    return hclRules(text);
  }
}

function jsonRules(content: unknown): Rule[] {
  const paths = isRecord(content) ? content["path"] : undefined;
  return (Array.isArray(paths) ? paths : [paths]).filter(isRecord).flatMap((map) =>
    Object.entries(map).map(([path, rule]) => {
      const { capabilities, policy } = isRecord(rule) ? rule : {};
      const listed: unknown[] = Array.isArray(capabilities) ? capabilities : [policy];
      return { path, capabilities: listed.filter((capability) => typeof capability === "string") };
    }),
  );
}

function hclRules(text: string): Rule[] {
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|#.*|\/\/.*|\/\*[^]*?\*\//g, (found) =>
    found.startsWith('"') ? found : "",
  );
  const [, ...blocks] = plain.split(/\bpath\s+(?=")/);
  return blocks.map((block) => {
    const [, path = ""] = /^"((?:[^"\\]|\\.)*)"/.exec(block) ?? [];
    const [, list, old] = /\bcapabilities\s*=\s*\[([^\]]*)\]|\bpolicy\s*=\s*("\w+")/.exec(block) ?? [];
    const capabilities = [...(list ?? old ?? "").matchAll(/"(\w+)"/g)].flatMap(
      ([, capability]) => capability ?? [],
    );
    return { path, capabilities };
  });
}
