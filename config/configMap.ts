import { z } from "zod";
import { credentialKind } from "./credentials";
import { describe } from "./description";
import type { Location } from "./location";
import { checkedTexts, refuseCredentials, sizeIn } from "./metadata";
import type { Texts } from "./metadata";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments } from "./perEnvironment";
import { isRecord, issue, readMap } from "./reading";
import { fillTemplate, parseTemplate, templateVariables } from "./template";
import { secretVariableRemedy, variableRemedy } from "./variableName";

/** Kubernetes' limit for the values of a ConfigMap. */
const MOST_BYTES = 1024 * 1024;
/** Every namespace has a ConfigMap of this name, which Kubernetes writes. */
const ROOT_CERTIFICATES = "kube-root-ca.crt";

/** The name of an application's ConfigMap. */
export const configMapNameSchema = nameSchema(NAMES.kubernetesSubdomain, "the name of the ConfigMap").refine(
  (name) => name !== ROOT_CERTIFICATES,
  { error: "another name: Kubernetes writes a ConfigMap of this one in every namespace" },
);

const valueSchema = z
  .string({ error: 'a text, number or truth value; `""` for an empty one, `|` for one of several lines' })
  .superRefine((text, context) => {
    if (parseTemplate(text).isWrong) {
      const remedy = "`${NAME}`, a name of letters, digits and `_`; or `$${` for a `${` that stays";
      context.issues.push(issue([], { found: "`${` that begins no `${NAME}`", remedy }));
    }
    for (const name of templateVariables(text)) {
      const remedy = variableRemedy(name);
      if (remedy !== undefined) context.issues.push(issue([], { found: `\${${name}}`, remedy }));
    }
  });

/** Stands for the values of variables, which may be random. */
const RANDOM_VALUE = "q7Zk2vX9pL4wN8sT1yB6";

/** Reads an application's `config`: the data of its ConfigMap, nothing of it secret. */
export function readConfigMap(
  value: unknown,
  location: Location,
  environments: Environments,
  notSecret: readonly string[],
): Texts {
  const key = nameSchema(NAMES.dataKey, "a key of the ConfigMap");
  const texts = readMap(key, perEnvironment(valueSchema, environments), value, location, "{ PORT: 3000 }");
  if (isRecord(value) && Object.keys(value).length === 0) {
    location.refuse(describe(value), "at least one value, or no `config`");
  }
  refuseCredentials(texts, location, notSecret);
  refuseSecretTemplates(texts, location, notSecret);
  for (const environment of environments.needed) {
    const bytes = sizeIn(texts, environment, (_, text) => Buffer.byteLength(text));
    if (bytes > MOST_BYTES) {
      const remedy = `at most ${MOST_BYTES} bytes, as Kubernetes has it; larger files belong into an image or a volume`;
      location.refuse(`values of ${bytes} bytes in ${environment}`, remedy);
      break;
    }
  }
  return texts;
}

/** Refuses templates that make a credential of whatever they are filled with: passwords in addresses, by names. */
function refuseSecretTemplates(texts: Texts, location: Location, notSecret: readonly string[]): void {
  for (const { name: key, text, place } of checkedTexts(texts, location, notSecret)) {
    const names = templateVariables(text);
    if (names.length === 0) continue;
    const filled = fillTemplate(text, () => RANDOM_VALUE) ?? "";
    const kinds = [credentialKind(filled, key), ...names.map((name) => credentialKind(RANDOM_VALUE, name))];
    const kind = kinds.find((candidate) => candidate !== undefined);
    if (kind === undefined) continue;
    place.refuse(`a template that makes what looks like ${kind}`, secretVariableRemedy(key));
  }
}
