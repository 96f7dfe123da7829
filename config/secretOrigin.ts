import { describe } from "./description";
import type { Location, Path } from "./location";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { isRecord, readValue, unknownName } from "./reading";

/** The Doppler config that a Secret comes from, and where its file says so. */
export interface DopplerOrigin {
  readonly value: PerEnvironment<string>;
  readonly path: Path;
}

const SOURCE = "doppler";
/** Sources that design and documentation name, and that this version does not read from. */
const LATER_SOURCES: readonly string[] = ["vault", "environment"];
const LATER_REMEDY = "`from: doppler`, the one source that this version knows";

/**
 * Reads where a Secret comes from: `from: doppler`, with `doppler: <config>` beside it or `from: { doppler:
 * <config> }` when it is not the environment's own config.
 *
 * @returns undefined for the environment's own config, and when something is wrong
 */
export function readOrigin(
  from: unknown,
  doppler: unknown,
  secret: Location,
  environments: Environments,
): DopplerOrigin | undefined {
  const schema = perEnvironment(
    nameSchema(NAMES.dopplerConfig, "a config of the Doppler project"),
    environments,
  );
  const readConfig = (config: unknown, location: Location): DopplerOrigin | undefined => {
    const value = readValue(schema, config, location);
    return value === undefined ? undefined : { value, path: location.path };
  };
  const beside = doppler === undefined ? undefined : readConfig(doppler, secret.at(SOURCE));
  const location = secret.at("from");
  if (!isRecord(from)) {
    checkSource(from, location);
    return beside;
  }
  for (const source of Object.keys(from).filter((name) => name !== SOURCE))
    checkSource(source, location.at(source));
  if (!Object.hasOwn(from, SOURCE)) {
    if (Object.keys(from).length === 0) location.refuse("an empty map", "`from: doppler`");
    return beside;
  }
  if (doppler !== undefined)
    secret.at(SOURCE).refuse("the config a second time, after `from`", "it in one place", "key");
  return readConfig(from[SOURCE], location.at(SOURCE));
}

function checkSource(source: unknown, location: Location): void {
  if (source === SOURCE) return;
  const later = typeof source === "string" && LATER_SOURCES.includes(source);
  const known = typeof source === "string" ? unknownName(source, [SOURCE]) : "`from: doppler`";
  location.refuse(describe(source), later ? LATER_REMEDY : known);
}
