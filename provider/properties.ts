/** Property values between a provider and the engine: how secrets, unknowns and the rest travel in a Struct. */

import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { UNKNOWN, type Values } from "./definition";

/** A value as a Struct holds it. */
type PlainValue = null | boolean | number | string | PlainValue[] | { [key: string]: PlainValue };

/** Marks an object that stands for something other than a plain map (pulumi/sdk, resource.SigKey). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** What the engine sends in place of a value that is not known yet, by the type it expects. */
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWNS: ReadonlySet<string> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** Properties as a provider wants them, and what is known about their secrets. */
export interface DecodedProperties {
  values: Values;
  /** Top-level properties that are secret, or hold a secret anywhere inside. */
  secretNames: ReadonlySet<string>;
  /** Every string that was inside a secret, so that messages can be kept free of them. */
  secretStrings: readonly string[];
}

/**
 * Unwraps secrets at any depth and turns unknowns into {@link UNKNOWN}.
 *
 * @param struct what the engine sent; nothing at all reads as no properties
 * @throws Error naming the property when it holds an asset or an archive
 */
export function decodeProperties(struct: Struct | undefined): DecodedProperties {
  const values: Values = {};
  const secretNames = new Set<string>();
  const secretStrings: string[] = [];
  for (const [name, value] of Object.entries((struct?.toJavaScript() ?? {}) as Record<string, PlainValue>)) {
    values[name] = decode(name, value, false, () => secretNames.add(name), secretStrings);
  }
  return { values, secretNames, secretStrings };
}

function decode(
  path: string,
  value: PlainValue,
  insideSecret: boolean,
  foundSecret: () => void,
  secretStrings: string[],
): unknown {
  if (typeof value === "string") {
    if (UNKNOWNS.has(value)) {
      return UNKNOWN;
    }
    if (insideSecret) {
      secretStrings.push(value);
    }
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) =>
      decode(`${path}[${index}]`, item, insideSecret, foundSecret, secretStrings),
    );
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  switch (value[SIGNATURE]) {
    case SECRET:
      foundSecret();
      return decode(path, value["value"] ?? null, true, foundSecret, secretStrings);
    case ASSET:
    case ARCHIVE:
      throw new Error(`${path}: found an asset or archive; write a plain value instead`);
    default:
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          decode(`${path}.${key}`, item, insideSecret, foundSecret, secretStrings),
        ]),
      );
  }
}

/**
 * Encodes properties for the engine.
 *
 * @param values plain values; {@link UNKNOWN} at any depth stands for what is not known yet, and properties that
 *   are `undefined` are left out
 * @param secretNames top-level properties to mark as secret
 * @throws Error naming the property when a value has no place in a property (a function, a bigint, NaN)
 */
export function encodeProperties(values: Values, secretNames: ReadonlySet<string> = new Set()): Struct {
  const encoded: Record<string, PlainValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) {
      const plain = encode(name, value);
      encoded[name] = secretNames.has(name) ? { [SIGNATURE]: SECRET, value: plain } : plain;
    }
  }
  return Struct.fromJavaScript(encoded);
}

function encode(path: string, value: unknown): PlainValue {
  if (value === UNKNOWN) {
    return UNKNOWN_STRING;
  }
  if (value === null || typeof value === "string" || typeof value === "boolean") {
    return value;
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => encode(`${path}[${index}]`, item ?? null));
  }
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, encode(`${path}.${key}`, item)]),
    );
  }
  throw new Error(`${path}: a ${typeof value} cannot be a property value`);
}

/** Shorter strings are too common to be hidden wherever they occur. */
const SHORTEST_SECRET = 4;

/** Replaces every secret string inside a message that people will read. */
export function hideSecrets(message: string, secretStrings: Iterable<string>): string {
  return [...secretStrings]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length) // one secret may be a part of another
    .reduce((hidden, secret) => hidden.replaceAll(secret, "[secret]"), message);
}
