import { z } from "zod";
import type { RestartTarget } from "./application";
import { alternatives } from "./description";
import { NAMES } from "./names";
import { issue } from "./reading";
import { uniqueList } from "./uniqueList";

const KINDS = ["Deployment", "DaemonSet", "StatefulSet"] as const satisfies RestartTarget["kind"][];

const RELOADER =
  "Stakater Reloader can: annotate the Deployment with " +
  '`reloader.stakater.com/auto: "true"`, or with `reloader.stakater.com/search: "true"` and the Secret (under ' +
  '`annotations`) with `reloader.stakater.com/match: "true"`';

/** What to write instead of `restart` for a Secret that is not from Vault. */
export const RESTART_REMEDIES = {
  doppler: `no \`restart\`: External Secrets Operator cannot restart pods, ${RELOADER}`,
  environment: `no \`restart\`: \`pulumi up\` writes the Secret and cannot restart pods, ${RELOADER}`,
} as const;

const LIST_REMEDY = "a list of workloads in the application's namespace, such as [Deployment/shop]";
const TARGET_REMEDY = `a kind and a name, such as Deployment/shop; a kind is one of ${alternatives(KINDS)}`;

const targetText = z.string({ error: TARGET_REMEDY }).superRefine((text, context) => {
  if (parseTarget(text) === undefined) context.issues.push(issue([], { remedy: TARGET_REMEDY }));
});

/** What is restarted when a Secret changes: a list of `Kind/name`. */
export const restartSchema: z.ZodType<readonly RestartTarget[]> = uniqueList(targetText, LIST_REMEDY, {
  found: "the same workload again",
  remedy: "every one once",
}).transform((texts) => texts.flatMap((text) => parseTarget(text) ?? []));

function parseTarget(text: string): RestartTarget | undefined {
  const [name, ...kinds] = text.split("/").reverse();
  const kind = KINDS.find((known) => known === kinds.join("/"));
  const { pattern, longest } = NAMES.kubernetesSubdomain;
  if (kind === undefined || name === undefined) return undefined;
  return pattern.test(name) && name.length <= longest ? { kind, name } : undefined;
}
