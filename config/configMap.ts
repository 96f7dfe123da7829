import { z } from "zod";
import { describe } from "./description";
import type { Location } from "./location";
import { refuseCredentials, sizeIn } from "./metadata";
import type { Texts } from "./metadata";
import { NAMES, nameSchema } from "./names";
import { perEnvironment } from "./perEnvironment";
import type { Environments } from "./perEnvironment";
import { isRecord, issue, readMap } from "./reading";

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
    const template = /\$\{[A-Za-z_]\w*\}/.exec(text)?.[0];
    if (template === undefined) return;
    const remedy = "the value itself, per environment if it differs: this version does not fill in templates";
    context.issues.push(issue([], { found: `the template ${template}`, remedy }));
  });

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
