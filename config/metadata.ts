import { z } from "zod";
import { credentialKind } from "./credentials";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { perEnvironment, valueIn } from "./perEnvironment";
import type { Environments, PerEnvironment } from "./perEnvironment";
import { readMap } from "./reading";

/** Texts by name, each the same everywhere or different per environment. */
export type Texts = Readonly<Record<string, PerEnvironment<string>>>;

/** Kubernetes' limit for all annotations of an object, names and values. */
const MOST_ANNOTATION_BYTES = 256 * 1024;

const annotationValue = z.string({ error: 'a text; `""` for an empty one' });

/** Reads the labels of a Secret. */
export function readLabels(value: unknown, location: Location, environments: Environments): Texts {
  const content = perEnvironment(nameSchema(NAMES.labelValue, "the value of a label"), environments);
  return readMap(
    nameSchema(NAMES.labelKey, "the key of a label"),
    content,
    value,
    location,
    "{ team: shop }",
  );
}

/** Reads the annotations of a Secret. */
export function readAnnotations(value: unknown, location: Location, environments: Environments): Texts {
  const key = nameSchema(NAMES.annotationKey, "the key of an annotation");
  const content = perEnvironment(annotationValue, environments);
  const annotations = readMap(key, content, value, location, '{ example.com/owner: "the shop team" }');
  for (const environment of environments.needed) {
    const bytes = sizeIn(
      annotations,
      environment,
      (name, text) => Buffer.byteLength(name) + Buffer.byteLength(text),
    );
    if (bytes > MOST_ANNOTATION_BYTES) {
      location.refuse(
        `annotations of ${bytes} bytes`,
        `at most ${MOST_ANNOTATION_BYTES} bytes, as Kubernetes has it`,
      );
      break;
    }
  }
  return annotations;
}

/** Sum over the texts of an environment. */
export function sizeIn(
  texts: Texts,
  environment: string,
  size: (name: string, text: string) => number,
): number {
  return Object.entries(texts).reduce(
    (sum, [name, value]) => sum + size(name, valueIn(value, environment) ?? ""),
    0,
  );
}

/**
 * Refuses values that look like credentials: what is declared in an application's file is no secret, and the
 * file is in version control.
 *
 * @param notSecret names whose values only look like it
 */
export function refuseCredentials(texts: Texts, location: Location, notSecret: readonly string[]): void {
  for (const { name, text, place } of checkedTexts(texts, location, notSecret)) {
    const kind = credentialKind(text, name);
    if (kind === undefined) continue;
    place.refuse(
      `what looks like ${kind}`,
      `it in Doppler, and its name there under \`keys\` of a Secret; if it is not secret: \`notSecret: [${name}]\``,
    );
  }
}

/** The texts of every environment and where each stands, without those whose names `notSecret` has. */
export function checkedTexts(
  texts: Texts,
  location: Location,
  notSecret: readonly string[],
): { name: string; text: string; place: Location }[] {
  return Object.entries(texts)
    .filter(([name]) => !notSecret.includes(name))
    .flatMap(([name, value]) =>
      value.kind === "same"
        ? [{ name, text: value.value, place: location.at(name) }]
        : [...value.values].map(([environment, text]) => ({
            name,
            text,
            place: location.at(name, environment),
          })),
    );
}
