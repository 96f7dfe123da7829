/** Secrets by name, references resolved. */
export type SecretValues = Readonly<Record<string, string>>;

/** The formats of a download, each with how it is written (https://docs.doppler.com/docs/accessing-secrets). */
export const FORMATS = {
  json: (secrets) => JSON.stringify(secrets),
  "dotnet-json": (secrets) => JSON.stringify(sections(secrets), null, 2),
  env: (secrets) => lines(secrets, (name, value) => `${name}="${escapeQuoted(value)}"`),
  "env-no-quotes": (secrets) => lines(secrets, (name, value) => `${name}=${escapeNewlines(value)}`),
  docker: (secrets) => lines(secrets, (name, value) => `${name}=${escapeNewlines(value)}`),
  /** A text in JSON's quotes is one in YAML too, whatever it holds. */
  yaml: (secrets) => lines(secrets, (name, value) => `${name}: ${JSON.stringify(value)}`),
} as const satisfies Record<string, (secrets: SecretValues) => string>;

/** The name of a format, as the API, the CLI's `--format` and External Secrets Operator's `format` take it. */
export type Format = keyof typeof FORMATS;

/** The names of all formats. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly Format[];

/** The media type that a format is sent as. */
export function mediaType(format: Format): string {
  return format === "json" || format === "dotnet-json"
    ? "application/json; charset=utf-8"
    : "text/plain; charset=utf-8";
}

interface Sections {
  [name: string]: string | Sections;
}

function lines(secrets: SecretValues, line: (name: string, value: string) => string): string {
  return Object.entries(secrets)
    .map(([name, value]) => line(name, value))
    .join("\n");
}

function escapeNewlines(value: string): string {
  return value.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}

function escapeQuoted(value: string): string {
  return escapeNewlines(value.replaceAll("\\", "\\\\").replaceAll('"', '\\"'));
}

/** `Smtp:UserName` becomes an object within an object, as an appsettings.json has it. */
function sections(secrets: SecretValues): Sections {
  const root: Sections = {};
  for (const [name, value] of Object.entries(secrets)) {
    const path = name.split(":");
    const last = path.pop() ?? name;
    let section = root;
    for (const part of path) {
      const inner = section[part];
      section = typeof inner === "object" ? inner : (section[part] = {});
    }
    section[last] = value;
  }
  return root;
}
