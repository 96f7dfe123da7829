import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { cached } from "../parts/cache";
import { moduleFolder } from "../parts/go";

const MODULE = "github.com/external-secrets/external-secrets";

// Raised when the way of assembling changes, so that no chart of an older way is taken from the cache.
const REVISION = 1;

/** Chart.yaml, as far as it is changed. */
interface ChartDescription {
  version: string;
  appVersion: string;
  dependencies?: unknown;
}

/**
 * The Helm chart of External Secrets Operator, assembled in the cache as it is published. In the operator's module
 * the chart has neither its CRDs, which a release step adds, nor the subcharts that it names, which Helm refuses.
 * The values that govern CRDs are those of the published chart: `installCRDs`, `crds.create<Kind>`,
 * `crds.annotations`.
 *
 * @param version Version of the operator, without `v`.
 * @returns The chart's folder.
 */
export async function externalSecretsChart(version: string): Promise<string> {
  const { folder } = await cached("charts", `external-secrets-${version}-${REVISION}`, async (temporary) => {
    const source = join(await moduleFolder("external-secrets", MODULE), "deploy");
    await cp(join(source, "charts", "external-secrets"), temporary, { recursive: true });
    await describe(join(temporary, "Chart.yaml"), version);
    await rm(join(temporary, "Chart.lock"), { force: true });
    const templates = join(temporary, "templates", "crds");
    await mkdir(templates, { recursive: true });
    const bundle = await readFile(join(source, "crds", "bundle.yaml"), "utf8");
    for (const { fileName, template } of definitionTemplates(bundle)) {
      await writeFile(join(templates, fileName), template);
    }
  });
  return folder;
}

async function describe(file: string, version: string): Promise<void> {
  const description = parse(await readFile(file, "utf8")) as ChartDescription;
  // The subchart is off by default, and its repository is one more host that would have to be reached.
  delete description.dependencies;
  await writeFile(file, stringify({ ...description, version, appVersion: `v${version}` }));
}

const ANNOTATIONS = `  annotations:
    {{- with .Values.crds.annotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}`;

/** The CRDs of a bundle as templates of the chart, each under the values that switch it on. */
export function definitionTemplates(bundle: string): { fileName: string; template: string }[] {
  return bundle
    .split(/^---$/m)
    .filter((document) => document.trim() !== "")
    .map((document) => {
      const { kind, singular } = namesOf(document);
      const optional = kind.startsWith("Cluster") || kind === "PushSecret";
      const condition = optional
        ? `and .Values.installCRDs .Values.crds.create${kind}`
        : ".Values.installCRDs";
      const annotations = /^ {2}annotations:$/m;
      if (!annotations.test(document)) throw new Error(`the CRD of ${kind} has no annotations to add to`);
      const annotated = document.trim().replace(annotations, ANNOTATIONS);
      return {
        fileName: `${singular}.yaml`,
        template: `{{- if ${condition} }}\n${annotated}\n{{- end }}\n`,
      };
    });
}

function namesOf(document: string): { kind: string; singular: string } {
  // The documents are large: these two lines are read without parsing the whole.
  const kind = /^ {4}kind: (\w+)$/m.exec(document)?.[1];
  const singular = /^ {4}singular: (\w+)$/m.exec(document)?.[1];
  if (kind === undefined || singular === undefined) {
    throw new Error("the bundle of CRDs holds a document without spec.names.kind and spec.names.singular");
  }
  return { kind, singular };
}
