/** What `envsubst` of GNU gettext makes of a text when it is given a list of names: `envsubst '$ONE $TWO'`. Pure. */

/** A reference is `$NAME` or `${NAME}`, with no default and no escape; `$$NAME` is a `$` and a reference. */
const REFERENCE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/g;
/** What is meant as a reference for sure, though it may have no end, or a default that envsubst does not know. */
const BRACE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(\}?)/g;

/**
 * The text with the values of some names in place of `$NAME` and `${NAME}`. Every other `$` stays as it is, and values
 * are not looked at again.
 *
 * @param replaces whether a name is replaced
 * @returns undefined when one that is replaced has no value
 */
export function substitute(
  text: string,
  replaces: (name: string) => boolean,
  valueOf: (name: string) => string | undefined,
): string | undefined {
  let isWhole = true;
  const filled = text.replace(REFERENCE, (reference: string, braced?: string, bare?: string) => {
    const name = braced ?? bare ?? "";
    if (!replaces(name)) return reference;
    const value = valueOf(name);
    isWhole &&= value !== undefined;
    return value ?? "";
  });
  return isWhole ? filled : undefined;
}

/** Names that a text refers to, as `$NAME` or `${NAME}`, each once. */
export function references(text: string): string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map(([, braced, bare]) => braced ?? bare ?? ""))];
}

/** Names after `${` in a text, each with whether `}` follows it. */
export function braces(text: string): { readonly name: string; readonly isClosed: boolean }[] {
  return [...text.matchAll(BRACE)].map(([, name = "", end]) => ({ name, isClosed: end === "}" }));
}
