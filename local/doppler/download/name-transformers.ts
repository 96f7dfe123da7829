/** How a download may rename the secrets: what the API takes as `name_transformer`. */
export const NAME_TRANSFORMERS = {
  /** API_KEY: apiKey */
  camel: (name) => lowerFirst(upperCamel(name)),
  /** API_KEY: ApiKey */
  "upper-camel": upperCamel,
  /** API_KEY: api_key */
  "lower-snake": (name) => name.toLowerCase(),
  /** API_KEY: api-key */
  "lower-kebab": (name) => name.toLowerCase().replaceAll("_", "-"),
  /** API_KEY: TF_VAR_api_key */
  "tf-var": (name) => `TF_VAR_${name.toLowerCase()}`,
  /** SMTP__USER_NAME: Smtp:UserName */
  dotnet: (name) => dotnet(name, ":"),
  /** SMTP__USER_NAME: Smtp__UserName */
  "dotnet-env": (name) => dotnet(name, "__"),
} as const satisfies Record<string, (name: string) => string>;

/** The name of a name transformer, as the API and External Secrets Operator's `nameTransformer` take it. */
export type NameTransformer = keyof typeof NAME_TRANSFORMERS;

/** The names of all name transformers. */
export const NAME_TRANSFORMER_NAMES = Object.keys(NAME_TRANSFORMERS) as readonly NameTransformer[];

function upperCamel(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Two underscores separate sections, one separates words. */
function dotnet(name: string, separator: string): string {
  return name.split("__").map(upperCamel).join(separator);
}
