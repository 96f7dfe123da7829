/** The application files that take the place of the copies: one per namespace. Pure. */
import { Document, isCollection } from "yaml";
import { namespaceSchema } from "../../config/names";
import { REGISTRY_TYPE, typeRemedy } from "../../config/secretTypes";
import { SHARED_TREES } from "../../config/vaultPath";
import { Consumer } from "./consumers";
import { CopiedSecret, SecretCopy } from "./copiedSecrets";

/** A file to add to the project's application files. */
export interface ApplicationFile {
  /** Its name, such as `shop.yaml`. */
  readonly file: string;
  readonly application: string;
  readonly namespace: string;
  /** The application's subtree in Vault. */
  readonly service: string;
  /** Paths outside of it that the application will read, below the mount. */
  readonly paths: readonly string[];
  readonly text: string;
}

/** A Secret of one namespace, and what it is a copy of. */
interface Entry {
  copy: SecretCopy;
  copied: CopiedSecret;
  consumers: readonly Consumer[];
  /** Namespaces in which somebody uses the secret. */
  usedIn: readonly string[];
}

const RESTARTED = new Set(["Deployment", "DaemonSet", "StatefulSet"]);

/**
 * A file for each namespace that holds a copied Secret. Each Secret keeps its name, and is read from one place below
 * `shared/`.
 *
 * @param environment the only environment of the files. Undefined: all of the project's
 */
export function applicationFiles(
  copied: readonly CopiedSecret[],
  consumers: readonly Consumer[],
  environment?: string,
): ApplicationFile[] {
  const byNamespace = new Map<string, Entry[]>();
  for (const secret of copied) {
    const usersOf = ({ namespace, name }: SecretCopy): Consumer[] =>
      consumers.filter((consumer) => consumer.namespace === namespace && consumer.secret === name);
    const usedIn = [...new Set(secret.copies.flatMap(usersOf).map(({ namespace }) => namespace))];
    for (const copy of secret.copies) {
      const entry = { copy, copied: secret, consumers: usersOf(copy), usedIn };
      byNamespace.set(copy.namespace, [...(byNamespace.get(copy.namespace) ?? []), entry]);
    }
  }
  return [...byNamespace]
    .filter(([namespace]) => isForApplications(namespace))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([namespace, entries]) => applicationFile(namespace, entries, environment));
}

/** Whether the platform makes Secrets in a namespace: it makes none in Kubernetes' own. */
export function isForApplications(namespace: string): boolean {
  return namespaceSchema.safeParse(namespace).success;
}

function applicationFile(
  namespace: string,
  entries: readonly Entry[],
  environment: string | undefined,
): ApplicationFile {
  const service = SHARED_TREES.includes(namespace) ? `${namespace}-namespace` : namespace;
  const head = {
    name: namespace,
    namespace,
    ...(service === namespace ? {} : { service }),
    ...(environment === undefined ? {} : { environments: [environment] }),
  };
  const text = [
    `# What the namespace ${namespace} reads by itself, in place of copies. Made by: npm run migrate -- copiers`,
    ...flowText(head),
    "secrets:",
    ...entries.map(entryText),
    "",
  ].join("\n");
  const paths = [...new Set(entries.map(({ copied }) => copied.path))].sort();
  return { file: `${namespace}.yaml`, application: namespace, namespace, service, paths, text };
}

function entryText(entry: Entry): string {
  const { copy, copied, consumers } = entry;
  const { name } = copy;
  const { type, keys } = contentOf(entry);
  const restart = [
    ...new Set(
      consumers
        .filter(({ kind, uses }) => RESTARTED.has(kind) && uses.some((use) => use !== "imagePullSecret"))
        .map((consumer) => `${consumer.kind}/${consumer.name}`),
    ),
  ];
  const isTyped = type !== "Opaque" && typeRemedy(type) === undefined;
  const lines = flowText({
    name,
    from: { vault: copied.path },
    ...(isTyped ? { type } : {}),
    ...(keys.length === 0 ? {} : { keys }),
    ...(restart.length === 0 ? {} : { restart }),
  });
  const comments = entryComments(entry).map((comment) => `  # ${comment}`);
  return [...comments, ...lines.map((line, index) => `  ${index === 0 ? "-" : " "} ${line}`)].join("\n");
}

/** Type and keys of a copy; of one that was not seen, those that its users demand. */
function contentOf({ copy, consumers }: Entry): Pick<SecretCopy, "type" | "keys"> {
  if (copy.content !== "not seen") return copy;
  const uses = consumers.flatMap((consumer) => consumer.uses);
  if (uses.includes("imagePullSecret")) return { type: REGISTRY_TYPE, keys: [".dockerconfigjson"] };
  return uses.includes("tls") ? { type: "kubernetes.io/tls", keys: ["tls.crt", "tls.key"] } : copy;
}

/** A line for each field, lists and maps within it. */
function flowText(fields: Readonly<Record<string, unknown>>): string[] {
  const document = new Document(fields);
  for (const field of Object.keys(fields)) {
    const value = document.get(field);
    if (isCollection(value)) value.flow = true;
  }
  const lines = document.toString({ lineWidth: 0 }).trimEnd().split("\n");
  return lines.map((line) => line.replace(/: \[ (.*) \]$/, ": [$1]"));
}

function entryComments({ copy, copied, consumers, usedIn }: Entry): string[] {
  const { namespace, name, content, type } = copy;
  const others = [...new Set(copied.copies.map((other) => other.namespace))].filter(
    (other) => other !== namespace,
  );
  const isOnlyUser = usedIn.length === 1 && usedIn[0] === namespace;
  return [
    `The same secret as in ${others.join(", ") || "this namespace"}: one place in Vault, which each of them reads.`,
    ...(content === "different"
      ? ["Its content here is another one than elsewhere: see which one is right."]
      : []),
    ...(content === "not seen"
      ? [
          "It was not seen: only the text of a Job names it. See whether it needs another `type` and other `keys`.",
        ]
      : []),
    ...(typeRemedy(type) === undefined
      ? []
      : [`Its type ${type} is none that the platform makes: it becomes Opaque.`]),
    ...(consumers.length === 0
      ? ["No workload here was seen to use it. If nothing else does, leave this out and delete the copy."]
      : []),
    ...(isOnlyUser
      ? [
          `Nobody else was seen to use it: \`from: { vault: ${namespace}/${name} }\` makes it the application's own. ` +
            "Then delete the other copies.",
        ]
      : []),
  ];
}
