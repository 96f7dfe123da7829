import { z } from "zod";
import { readAccess, type AccessSettings } from "./accessSettings";
import { EnvironmentReading, type Environment } from "./environmentReading";
import { LOG_LEVELS, type LogLevel } from "./log";
import { readStore, type StoreSettings } from "./storeSettings";

/** Everything the service is told by its environment. */
export interface Settings {
  /** Default: 127.0.0.1; the image sets 0.0.0.0. */
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Name of the token's header, in small letters. */
  readonly header: string;
  /** How often files are looked at. */
  readonly reloadMilliseconds: number;
  /** How long it goes on serving after it was told to end, for those who do not know yet. */
  readonly drainMilliseconds: number;
  readonly access: AccessSettings;
  readonly store: StoreSettings;
}

/** Reads the environment. @throws MistakesError with every mistake */
export function readSettings(environment: Environment): Settings {
  const reading = new EnvironmentReading(environment);
  const settings = {
    host: reading.text("HOST", "127.0.0.1"),
    port: reading.number("PORT", { least: 0, most: 65_535, usual: 8_000, unit: "port" }),
    logLevel: reading.choice("LOG_LEVEL", LOG_LEVELS, "info"),
    header: reading
      .value(
        "INTERNAL_TOKEN_HEADER",
        headerSchema,
        "X-Internal-Token",
        "a header's name, such as X-Internal-Token",
      )
      .toLowerCase(),
    reloadMilliseconds: reading.milliseconds("RELOAD_SECONDS", { least: 0.05, most: 300, usual: 1 }),
    drainMilliseconds: reading.milliseconds("DRAIN_SECONDS", { least: 0, most: 300, usual: 3 }),
    access: readAccess(reading),
    store: readStore(reading),
  };
  reading.finish();
  return settings;
}

/** A header of HTTP, but none that has a meaning of its own here. */
const headerSchema = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/)
  .refine(
    (name) =>
      !["connection", "content-length", "cookie", "host", "transfer-encoding"].includes(name.toLowerCase()),
  );
