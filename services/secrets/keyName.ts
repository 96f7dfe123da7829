/** Letters, digits, `_`, `-` and `.`; neither a path nor a way out of one. */
const KEY_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** What a key may be called, for messages. */
export const KEY_NAME_RULE =
  "a name of 1 to 128 letters, digits, `_`, `-` and `.`, that does not begin with `-` or `.`";

/** Whether a text can be the name of a key. */
export function isKeyName(text: string): boolean {
  return KEY_NAME.test(text);
}
