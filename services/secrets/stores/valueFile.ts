import { isKeyName, KEY_NAME_RULE } from "../keyName";
import { kindOf, MistakesError, type Mistake } from "../mistakes";

/** One line of an .env file: an optional `export`, the name, and the value, quoted or not. */
const ASSIGNMENT = /^\s*(?:export\s+)?([^\s=#]+)\s*=\s*(.*?)\s*$/;

/**
 * Reads a file of values: JSON with one map of texts when it begins with `{`, else .env.
 * @throws MistakesError with every mistake; an empty file is one, for that is what a half-written file looks like
 */
export function parseValues(text: string, file: string): ReadonlyMap<string, string> {
  const content = text.replace(/^\uFEFF/, "");
  const mistakes: Mistake[] = [];
  const entries = content.trimStart().startsWith("{")
    ? jsonEntries(content, file, mistakes)
    : envEntries(content, file, mistakes);
  const values = new Map<string, string>();
  for (const { name, value, place } of entries) {
    if (!isKeyName(name))
      mistakes.push({ place, found: "a name that no key can have", remedy: KEY_NAME_RULE });
    else if (typeof value !== "string") {
      mistakes.push({ place, found: kindOf(value), remedy: "a text, in quotes" });
    } else if (values.has(name)) {
      mistakes.push({ place, found: "a key that is there already", remedy: "each key once" });
    } else values.set(name, value);
  }
  if (values.size === 0 && mistakes.length === 0) {
    mistakes.push({ place: file, found: "no key", remedy: 'KEY=value lines, or JSON: {"KEY": "value"}' });
  }
  if (mistakes.length > 0) throw new MistakesError(mistakes, "the file of values");
  return values;
}

interface Entry {
  readonly name: string;
  readonly value: unknown;
  readonly place: string;
}

function jsonEntries(text: string, file: string, mistakes: Mistake[]): Entry[] {
  try {
    const document = JSON.parse(text) as unknown;
    return Object.entries(document as Record<string, unknown>).map(([name, value]) => ({
      name,
      value,
      place: isKeyName(name) ? `${file}  ${name}` : file,
    }));
  } catch {
    // The parser's own message quotes what it found, which may be a value.
    mistakes.push({ place: file, found: "a text that is not whole JSON", remedy: '{"KEY": "value"}' });
    return [];
  }
}

function envEntries(text: string, file: string, mistakes: Mistake[]): Entry[] {
  const entries: Entry[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const place = `${file}:${index + 1}`;
    const [, name, quoted] = ASSIGNMENT.exec(line) ?? [];
    const value = quoted === undefined ? undefined : unquote(quoted);
    if (name === undefined || value === undefined) {
      const found = name === undefined ? "a line without a `=`" : "a quote without its end";
      mistakes.push({ place, found, remedy: "KEY=value, KEY=\"value\" or KEY='value'" });
    } else entries.push({ name, value, place });
  }
  return entries;
}

/** Text of a value; in double quotes `\n`, `\"` and `\\` stand for what they do elsewhere. Undefined: no end. */
function unquote(text: string): string | undefined {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text.replace(/\s+#.*$/, "");
  const [, content] =
    (quote === '"' ? /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/ : /^'([^']*)'\s*(?:#.*)?$/).exec(text) ?? [];
  if (content === undefined || quote === "'") return content;
  return content.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
