/** `${NAME}` in manifests and files of variables, as programs such as envsubst fill it in. Pure. */

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Names of the variables in a text, each once. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].flatMap(([, name]) => name ?? []))];
}

/** The variable that a text is as a whole; undefined when it is anything else. */
export function wholeVariable(text: string): string | undefined {
  const [name] = variablesIn(text);
  return name !== undefined && text === `\${${name}}` ? name : undefined;
}

/** The text with the values of its variables in it; a variable without a value stays. */
export function substituted(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replaceAll(VARIABLE, (written, name: string) => valueOf(name) ?? written);
}

/** The text for `config` of an application's file, where `$$` stands for `$` and `${` always begins a variable. */
export function configText(text: string): string {
  let end = 0;
  const parts: string[] = [];
  for (const match of text.matchAll(VARIABLE)) {
    parts.push(escaped(text.slice(end, match.index)), match[0]);
    end = match.index + match[0].length;
  }
  return [...parts, escaped(text.slice(end))].join("");
}

function escaped(text: string): string {
  return text.replaceAll(/\$(?=[${]|$)/g, () => "$$");
}
