import { z } from "zod";
import { credentialKind } from "./credentials";
import type { Location } from "./location";
import { namespaceSchema } from "./names";
import { isRecord, issue, readObject } from "./reading";
import type { ChartConfiguration } from "./stack";

/** What a stack's configuration may leave out, and which charts are too old. */
interface OperatorChart {
  readonly chart: string;
  readonly repository: string;
  readonly version: string;
  readonly namespace: string;
  /** The first version that has what the platform makes. */
  readonly first: { readonly major: number; readonly minor: number; readonly reason: string };
}

export const EXTERNAL_SECRETS_CHART: OperatorChart = {
  chart: "external-secrets",
  repository: "https://charts.external-secrets.io",
  version: "2.9.0",
  namespace: "external-secrets",
  // It has left v1beta1 behind.
  first: { major: 0, minor: 17, reason: "older operators lack external-secrets.io/v1" },
};

export const VAULT_SECRETS_OPERATOR_CHART: OperatorChart = {
  chart: "vault-secrets-operator",
  repository: "https://helm.releases.hashicorp.com",
  version: "1.4.1",
  namespace: "vault-secrets-operator-system",
  first: { major: 0, minor: 10, reason: "the platform is not tried with older operators" },
};

function versionRemedy({ version }: OperatorChart): string {
  return `the chart's version in quotes, such as "${version}"`;
}

function versionSchema(operator: OperatorChart) {
  const { first } = operator;
  const remedy = versionRemedy(operator);
  return z.string({ error: remedy }).superRefine((text, context) => {
    const match = /^v?(\d{1,4})\.(\d{1,4})\.\d{1,4}(?:[-+][-+.0-9A-Za-z]+)?$/.exec(text);
    if (match === null) {
      context.issues.push(issue([], { remedy: `${remedy}: one version, no range` }));
      return;
    }
    const [, major, minor] = match.map(Number);
    if (major === first.major && (minor ?? 0) < first.minor) {
      const oldest = `${first.major}.${first.minor}.0`;
      context.issues.push(issue([], { remedy: `${oldest} or newer: ${first.reason}` }));
    }
  });
}

function chartSchema(operator: OperatorChart) {
  const repositoryRemedy = `the address of the chart's repository, such as ${operator.repository}`;
  return z.object({
    version: versionSchema(operator).optional(),
    chart: z
      .string({ error: "the chart's name, path or oci:// address" })
      .regex(/^\S+$/, { error: "the chart's name, path or oci:// address" })
      .default(operator.chart),
    repository: z
      .string({ error: repositoryRemedy })
      .regex(/^https?:\/\/[^\s@?#]+$/, { error: repositoryRemedy })
      .optional(),
    namespace: namespaceSchema.default(operator.namespace),
    values: z
      .record(z.string(), z.unknown(), { error: "a map of chart values, such as { replicaCount: 3 }" })
      .default({}),
  });
}

/** What could be read of an operator's chart, and the whole of it when nothing is wrong. */
export interface ChartDraft {
  readonly namespace?: string | undefined;
  readonly complete?: ChartConfiguration | undefined;
}

/** Reads `externalSecrets` or `vaultSecretsOperator` of a stack's configuration. Default: the public chart. */
export function readChart(value: unknown, location: Location, operator: OperatorChart): ChartDraft {
  const before = location.mistakes;
  const { fields, invalid } = readObject(chartSchema(operator), value ?? {}, location);
  const { chart = operator.chart, namespace, values = {} } = fields;
  const located = /^(?:\.{0,2}\/|~\/|oci:\/\/)/.test(chart);
  if (located && fields.repository !== undefined) {
    location
      .at("repository")
      .refuse("a repository beside a chart that is a path or address", "no `repository`", "key");
  }
  if (chart !== operator.chart && fields.version === undefined && !invalid.has("version")) {
    location.at("version").refuse("nothing, for a chart that is not the public one", versionRemedy(operator));
  }
  refuseCredentials(values, location.at("values"));
  if (location.mistakes > before || namespace === undefined) return { namespace };
  const version = fields.version ?? operator.version;
  const repository = located ? undefined : (fields.repository ?? operator.repository);
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
