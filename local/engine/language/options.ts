import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** Package managers that `runtime.options.packagemanager` in Pulumi.yaml can name. */
export const PACKAGE_MANAGERS = ["npm", "pnpm", "yarn", "bun"] as const;

export type PackageManager = (typeof PACKAGE_MANAGERS)[number];

/**
 * Options of the nodejs runtime, in Pulumi.yaml under `runtime.options`
 * (https://www.pulumi.com/docs/iac/concepts/projects/project-file/#runtime-options).
 */
export interface RuntimeOptions {
  /** Whether the SDK compiles TypeScript as it loads it. Default: true. */
  typescript: boolean;
  /** Path of the tsconfig.json to use, relative to the program. Default: the program's own. */
  tsconfig?: string;
  /** Arguments for Node itself, such as `--max-old-space-size=4096`. Default: none. */
  nodeArguments: string[];
  /** Default: the one whose lock file is there, and otherwise npm. */
  packageManager?: PackageManager;
  /** Whether an installation leaves out devDependencies. Default: false. */
  production: boolean;
}

/**
 * Reads the runtime options of a program.
 *
 * @throws Error naming the option, what was found and what to write instead
 */
export function runtimeOptions(info: ProgramInfo | undefined): RuntimeOptions {
  const raw: Record<string, unknown> = info?.getOptions()?.toJavaScript() ?? {};
  const tsconfig = stringOption(raw, "tsconfig");
  const packageManager = packageManagerOption(raw);
  return {
    typescript: booleanOption(raw, "typescript") ?? true,
    ...(tsconfig !== undefined && { tsconfig }),
    nodeArguments: splitArguments(stringOption(raw, "nodeargs") ?? ""),
    ...(packageManager !== undefined && { packageManager }),
    production: booleanOption(raw, "production") ?? false,
  };
}

function invalid(name: string, found: unknown, wanted: string): Error {
  return new Error(`Pulumi.yaml, runtime.options.${name}: found ${JSON.stringify(found)}; write ${wanted}`);
}

function booleanOption(raw: Record<string, unknown>, name: string): boolean | undefined {
  const value = raw[name];
  if (value === undefined || typeof value === "boolean") {
    return value;
  }
  throw invalid(name, value, "true or false");
}

function stringOption(raw: Record<string, unknown>, name: string): string | undefined {
  const value = raw[name];
  if (value === undefined || typeof value === "string") {
    return value;
  }
  throw invalid(name, value, "a string");
}

function packageManagerOption(raw: Record<string, unknown>): PackageManager | undefined {
  const value = raw["packagemanager"];
  if (value === undefined || value === "auto") {
    return undefined;
  }
  const known = PACKAGE_MANAGERS.find((name) => name === value);
  if (!known) {
    throw invalid("packagemanager", value, ["auto", ...PACKAGE_MANAGERS].join(", "));
  }
  return known;
}

/** Splits a line into arguments as a shell does: by white space, with quotes and backslashes. */
export function splitArguments(line: string): string[] {
  const words = line.match(/(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_match, escaped?: string, double?: string, single?: string) =>
        escaped ?? double?.replace(/\\(["\\])/g, "$1") ?? single ?? "",
    ),
  );
}
