/** The four phases of the way from copied Secrets to pulled ones: what to do in each, and what is left of it. Pure. */
import { isForApplications } from "./applicationFiles";
import { CopierJob } from "./copierJobs";
import { Findings } from "./findings";

/** Number of a phase. */
export type PhaseNumber = 1 | 2 | 3 | 4;

/** One phase. */
export interface Phase {
  readonly phase: PhaseNumber;
  readonly title: string;
  /** What to do, in this order. */
  readonly steps: readonly string[];
  /** What is left; empty: the phase is done. Undefined: nobody knows, see `unknown`. */
  readonly left?: readonly string[];
  /** Why nobody knows what is left, and what to do about it. */
  readonly unknown?: string;
}

/**
 * The phases, first to last.
 *
 * @param mount the KV v2 mount
 */
export function phasesOf(findings: Findings, mount: string): Phase[] {
  return [
    removeCopiers(findings),
    addSyncObjects(findings, mount),
    narrowPolicies(findings),
    dropCreation(findings),
  ];
}

function removeCopiers({ copiers, unread }: Findings): Phase {
  return {
    phase: 1,
    title: "remove the Jobs that copy",
    steps: [
      "Write the files of phase 2 first (--write): what only a Job's text tells is gone with it.",
      "Delete each Job below, with its ServiceAccount, roles and ConfigMaps, where it is declared and in the cluster. " +
        "The copies stay, so nothing stops; changes of a value reach no copy from now on.",
    ],
    left: [...copiers.map(describeCopier), ...unread.map((place) => `could not be read: ${place}`)],
  };
}

function describeCopier({ kind, namespace, name, steps }: CopierJob): string {
  const copies = steps.map(({ how, secrets, from, to, place, line }) => {
    const what = `${how} ${secrets.join(", ") || "Secrets that its text does not name"}`;
    const where = [from.length > 0 ? `from ${from.join(", ")}` : "", `to ${to.join(", ") || "(not told)"}`];
    return `${[what, ...where].filter(Boolean).join(" ")} (${place}, line ${line})`;
  });
  return `${kind} ${namespace}/${name}: ${copies.join("; ")}`;
}

function addSyncObjects({ copiedSecrets, copiers, applications }: Findings, mount: string): Phase {
  const copies = copiedSecrets.flatMap(({ path, copies: all }) => all.map((copy) => ({ ...copy, path })));
  const values = copiedSecrets.flatMap(({ path, copies: all }) => {
    const seen = all.filter(({ content, isSynchronized }) => content !== "not seen" && !isSynchronized);
    // Where contents differ, the one that the others were copied from is the newest.
    const original =
      seen.find((copy) => isSource(copy, copiers)) ??
      seen.find(({ content }) => content === "the same") ??
      seen[0];
    return original === undefined ? [] : [moveCommand(original, path, mount)];
  });
  return {
    phase: 2,
    title: "let every namespace pull its own",
    steps: [
      "Write each secret to Vault once. These commands show no value and leave none in the history of the shell:",
      ...values.map((command) => `  ${command}`),
      `Add ${applications.length === 1 ? "the file" : "the files"} below to apps/ (--write apps), and what a file's ` +
        "comments ask for. Where an application of the namespace has a file, add the entries of `secrets` to it instead.",
      "What several namespaces use is read from shared/<name>, and each application may read exactly that path. " +
        "What only one application uses belongs into its own subtree: `from: { vault: <service>/<name> }`, or " +
        "`from: vault` for a Secret called config, credentials or api-keys.",
      "Run pulumi up. The operator takes over the Secrets that are there, under the same names, and pods keep running.",
    ],
    left: copies
      .filter(({ isSynchronized }) => !isSynchronized)
      .map(({ namespace, name, path }) =>
        isForApplications(namespace)
          ? `Secret ${namespace}/${name}: no VaultStaticSecret and no ExternalSecret makes it (${path}); or delete it, if nobody uses it`
          : `Secret ${namespace}/${name}: the platform makes none in Kubernetes' own namespaces; delete it, or give its user another namespace`,
      ),
  };
}

function isSource(
  { namespace, name }: { namespace: string; name: string },
  copiers: readonly CopierJob[],
): boolean {
  const steps = copiers.flatMap((copier) => copier.steps);
  return steps.some(
    ({ secrets, from, to }) => secrets.includes(name) && from.includes(namespace) && !to.includes(namespace),
  );
}

function moveCommand(
  { namespace, name }: { namespace: string; name: string },
  path: string,
  mount: string,
): string {
  const read = `kubectl get secret ${name} --namespace ${namespace} --output json`;
  return `${read} | jq '.data | map_values(@base64d)' | vault kv put -mount=${mount} ${path} -`;
}

function narrowPolicies({ policies, wideRules }: Findings): Phase {
  const base = {
    phase: 3,
    title: "narrow the policies",
    steps: [
      "pulumi up has made a policy and a role for each application: read on its own subtree, and on the paths that its " +
        "file names.",
      ...policies.map(({ policy, reads }) => `  ${policy}: ${reads.join(", ")}`),
      "Take the wide rules out of every other policy that an application's role or token still has.",
    ],
  } as const;
  return wideRules === undefined
    ? { ...base, unknown: "policies were not read: set VAULT_ADDR and VAULT_TOKEN" }
    : {
        ...base,
        left: wideRules.map(
          ({ policy, path }) =>
            `policy ${policy}: ${JSON.stringify(path)} opens several applications' secrets; write one path each, ` +
            `or name the policy with --keep-policy when it is not an application's`,
        ),
      };
}

function dropCreation({ creations }: Findings): Phase {
  const base = {
    phase: 4,
    title: "drop what makes Secrets by hand",
    steps: [
      "Remove each place below: the operator makes the Secret, and would undo what a script writes.",
      "Where a script still has to write a value, let it write to Vault.",
    ],
  } as const;
  return creations === undefined
    ? { ...base, unknown: "no scripts were read: name their folder with --scripts" }
    : {
        ...base,
        left: creations.map(({ file, line, how, secrets, namespaces }) => {
          const what = secrets.join(", ") || "Secrets that the text does not name";
          return `${file}:${line}: ${how} ${what}${namespaces.length > 0 ? ` in ${namespaces.join(", ")}` : ""}`;
        }),
      };
}
