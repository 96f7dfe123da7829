/** A part of a template: text that stays, or the name of a variable whose value stands in its place. */
type TemplatePart =
  { readonly text: string; readonly variable?: never } | { readonly variable: string; readonly text?: never };

/** A text with `${NAME}` in it, taken apart. */
interface Template {
  readonly parts: readonly TemplatePart[];
  /** Whether some `${` is not the beginning of `${NAME}`. */
  readonly isWrong: boolean;
}

/** `$$`, `${NAME}`, and `${` before anything else. A `$` alone is text like any other. */
const MARK = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{/g;

/** Takes a text apart: `${NAME}` is a variable, `$$` stands for `$`, everything else for itself. */
export function parseTemplate(text: string): Template {
  const parts: TemplatePart[] = [];
  let isWrong = false;
  let end = 0;
  for (const { 0: mark, 1: variable, index } of text.matchAll(MARK)) {
    parts.push({ text: text.slice(end, index) });
    parts.push(variable === undefined ? { text: mark === "$$" ? "$" : mark } : { variable });
    isWrong ||= mark === "${";
    end = index + mark.length;
  }
  parts.push({ text: text.slice(end) });
  return { parts, isWrong };
}

/** Names of the variables in a template, each once. */
export function templateVariables(text: string): string[] {
  return [...new Set(parseTemplate(text).parts.flatMap(({ variable }) => variable ?? []))];
}

/**
 * The text with the variables' values in it.
 *
 * @returns undefined when one of them has no value
 */
export function fillTemplate(
  text: string,
  valueOf: (variable: string) => string | undefined,
): string | undefined {
  const filled = parseTemplate(text).parts.map((part) => part.text ?? valueOf(part.variable));
  return filled.includes(undefined) ? undefined : filled.join("");
}
