import { describe } from "./description";
import type { Location, Path } from "./location";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { isRecord, readValue, unknownName } from "./reading";
import { vaultPathSchema } from "./vaultPath";

/** What a Secret can be read from. */
export type SourceName = "doppler" | "vault" | "environment";

/** The Doppler config or the path in Vault that a Secret comes from, and where its file says so. */
export interface Origin {
  readonly value: PerEnvironment<string>;
  readonly path: Path;
}

/** Where a Secret comes from, as far as it could be read. */
export interface OriginDraft {
  /** Undefined: no source that is known, or two. */
  readonly source?: SourceName | undefined;
  /** The Doppler config. Undefined: the environment's own, or something is wrong. */
  readonly config?: Origin | undefined;
  /** Undefined: the one that the Secret's name gives, or something is wrong. */
  readonly vaultPath?: Origin | undefined;
}

const SOURCES: readonly SourceName[] = ["doppler", "vault", "environment"];
/** What names a place in a source; the environment is one. */
const CONTENTS = {
  doppler: { noun: "config", schema: nameSchema(NAMES.dopplerConfig, "a config of the Doppler project") },
  vault: { noun: "path", schema: vaultPathSchema },
} as const;

const EITHER = "`from: doppler`, `from: vault` or `from: environment`";

/**
 * Reads where a Secret comes from: `from: doppler`, with `doppler: <config>` beside it or `from: { doppler:
 * <config> }` when it is not the environment's own config; `from: vault` likewise, with a path; `from: environment`
 * alone.
 *
 * @param fields the Secret's entry, of which `from`, `doppler` and `vault` are read
 */
export function readOrigin(
  fields: Readonly<Record<string, unknown>>,
  secret: Location,
  environments: Environments,
): OriginDraft {
  const { from } = fields;
  const location = secret.at("from");
  const named = isRecord(from) ? Object.keys(from) : [from];
  if (isRecord(from) && named.length === 0) location.refuse("an empty map", EITHER);
  for (const name of named) {
    if (!isSource(name)) refuseSource(name, isRecord(from) ? location.at(String(name)) : location);
  }
  const sources = named.filter(isSource);
  if (sources.length > 1) location.refuse("two sources", "one of them: a Secret for each");
  const source = sources.length === 1 ? sources[0] : undefined;
  if (source === "environment" && isRecord(from)) {
    location
      .at(source)
      .refuse("a place in the environment", "`from: environment`, and its variables under `keys`", "key");
  }
  const originIn = (name: keyof typeof CONTENTS): Origin | undefined => {
    const { noun, schema } = CONTENTS[name];
    const beside = secret.at(name);
    const isBeside = fields[name] !== undefined;
    const isInside = isRecord(from) && Object.hasOwn(from, name);
    if (isBeside && !isInside && source !== undefined && source !== name) {
      beside.refuse(`a ${noun} for another source`, `no \`${name}\`, or \`from: ${name}\``, "key");
      return undefined;
    }
    if (isBeside && isInside)
      beside.refuse(`the ${noun} a second time, after \`from\``, "it in one place", "key");
    if (!isBeside && !isInside) return undefined;
    const at = isInside ? location.at(name) : beside;
    const content = isInside ? from[name] : fields[name];
    const value = readValue(perEnvironment(schema, environments), content, at);
    return value === undefined ? undefined : { value, path: at.path };
  };
  return { source, config: originIn("doppler"), vaultPath: originIn("vault") };
}

function isSource(name: unknown): name is SourceName {
  return SOURCES.some((source) => source === name);
}

function refuseSource(name: unknown, location: Location): void {
  location.refuse(describe(name), typeof name === "string" ? unknownName(name, SOURCES) : EITHER);
}
