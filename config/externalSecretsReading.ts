import { z } from "zod";
import { credentialKind } from "./credentials";
import type { Location } from "./location";
import { namespaceSchema } from "./names";
import { isRecord, issue, readObject } from "./reading";
import type { ExternalSecretsConfiguration } from "./stack";

const PUBLIC_CHART = {
  chart: "external-secrets",
  repository: "https://charts.external-secrets.io",
  version: "2.9.0",
};
const DEFAULT_NAMESPACE = "external-secrets";
/** The first version that has left v1beta1 for `external-secrets.io/v1`, the API of what the platform makes. */
const FIRST_VERSION = { major: 0, minor: 17 };

const VERSION_REMEDY = `the chart's version in quotes, such as "${PUBLIC_CHART.version}"`;

const versionSchema = z.string({ error: VERSION_REMEDY }).superRefine((text, context) => {
  const match = /^v?(\d{1,4})\.(\d{1,4})\.\d{1,4}(?:[-+][-+.0-9A-Za-z]+)?$/.exec(text);
  if (match === null) {
    context.issues.push(issue([], { remedy: `${VERSION_REMEDY}: one version, no range` }));
    return;
  }
  const [, major, minor] = match.map(Number);
  if (major === FIRST_VERSION.major && (minor ?? 0) < FIRST_VERSION.minor) {
    const first = `${FIRST_VERSION.major}.${FIRST_VERSION.minor}.0`;
    context.issues.push(
      issue([], { remedy: `${first} or newer: older operators lack external-secrets.io/v1` }),
    );
  }
});

const externalSecretsSchema = z.object({
  version: versionSchema.optional(),
  chart: z
    .string({ error: "the chart's name, path or oci:// address" })
    .regex(/^\S+$/, { error: "the chart's name, path or oci:// address" })
    .default(PUBLIC_CHART.chart),
  repository: z
    .string({ error: `the address of the chart's repository, such as ${PUBLIC_CHART.repository}` })
    .regex(/^https?:\/\/[^\s@?#]+$/, {
      error: `the address of the chart's repository, such as ${PUBLIC_CHART.repository}`,
    })
    .optional(),
  namespace: namespaceSchema.default(DEFAULT_NAMESPACE),
  values: z
    .record(z.string(), z.unknown(), { error: "a map of chart values, such as { replicaCount: 3 }" })
    .default({}),
});

/** What could be read of `externalSecrets`, and the whole of it when nothing is wrong. */
export interface ExternalSecretsDraft {
  readonly namespace?: string | undefined;
  readonly complete?: ExternalSecretsConfiguration | undefined;
}

/** Reads `externalSecrets` of a stack's configuration. Default: the public chart. */
export function readExternalSecrets(value: unknown, location: Location): ExternalSecretsDraft {
  const before = location.mistakes;
  const { fields, invalid } = readObject(externalSecretsSchema, value ?? {}, location);
  const { chart = PUBLIC_CHART.chart, namespace, values = {} } = fields;
  const located = /^(?:\.{0,2}\/|~\/|oci:\/\/)/.test(chart);
  if (located && fields.repository !== undefined) {
    location
      .at("repository")
      .refuse("a repository beside a chart that is a path or address", "no `repository`", "key");
  }
  if (chart !== PUBLIC_CHART.chart && fields.version === undefined && !invalid.has("version")) {
    location.at("version").refuse("nothing, for a chart that is not the public one", VERSION_REMEDY);
  }
  refuseCredentials(values, location.at("values"));
  if (location.mistakes > before || namespace === undefined) return { namespace };
  const version = fields.version ?? PUBLIC_CHART.version;
  const repository = located ? undefined : (fields.repository ?? PUBLIC_CHART.repository);
  return { namespace, complete: { version, chart, ...(repository && { repository }), namespace, values } };
}

/** Helm keeps the values of a release in the cluster and Pulumi in its state, both readable. */
function refuseCredentials(value: unknown, location: Location): void {
  if (typeof value === "string") {
    const kind = credentialKind(value);
    if (kind === undefined) return;
    location.refuse(
      `what looks like ${kind}`,
      "nothing secret: the name of a Secret that the chart reads it from",
    );
  } else if (Array.isArray(value)) {
    for (const [index, content] of value.entries()) refuseCredentials(content, location.at(index));
  } else if (isRecord(value)) {
    for (const [key, content] of Object.entries(value)) refuseCredentials(content, location.at(key));
  }
}
