/** The values of an environment, with its variables filled in. Pure. */
import { ImportedEnvironment } from "./importedObject";
import { substituted, variablesIn } from "./substitution";

/**
 * @param variables the variables of the process
 * @throws Error with everything that has no value: files of which only the example is there, and variables
 */
export function filled(
  environments: readonly ImportedEnvironment[],
  variables: Readonly<Record<string, string | undefined>>,
): ImportedEnvironment[] {
  const valueOf = (name: string): string | undefined =>
    Object.hasOwn(variables, name) && variables[name] !== "" ? variables[name] : undefined;
  const lacking = environments.flatMap(({ place, examples, objects }) => {
    const texts = objects.flatMap(({ values }) => [...values.values()]);
    const names = [...new Set(texts.flatMap(variablesIn))].filter((name) => valueOf(name) === undefined);
    return [
      ...examples.map((example) => `${example}, and values are not known; put the file there`),
      ...(names.length === 0
        ? []
        : [`${place}: variables without a value: ${names.join(", ")}; set them in the shell`]),
    ];
  });
  if (lacking.length > 0) throw new Error(lacking.join("\n"));
  return environments.map((environment) => ({
    ...environment,
    objects: environment.objects.map((object) => ({
      ...object,
      values: new Map([...object.values].map(([key, text]) => [key, substituted(text, valueOf)])),
    })),
  }));
}
