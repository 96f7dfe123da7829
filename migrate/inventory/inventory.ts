/** What is looked at: objects of a cluster or of manifests, in one form. Pure. */
import {
  ContainerScripts,
  containerScripts,
  pullSecrets,
  references,
  SecretReference,
  secretReferences,
} from "./podSpec";
import { recordOf, recordsOf, textOf, valueAt } from "./untyped";

/** A Secret with its values. Only digests of them are compared, and nothing of them leaves the comparison. */
export interface FoundSecret {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly values: ReadonlyMap<string, Buffer>;
  /** Whether an ExternalSecret or a VaultStaticSecret makes it. */
  readonly isSynchronized: boolean;
}

/** An object that may use Secrets. */
export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uses: readonly SecretReference[];
  readonly scripts: readonly ContainerScripts[];
}

/** Everything that was found. */
export interface Inventory {
  readonly secrets: readonly FoundSecret[];
  readonly workloads: readonly Workload[];
  /** `namespace/name` of a ConfigMap -> its texts by key. */
  readonly configMaps: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** `namespace/name` of each Secret that an operator makes from Doppler or Vault, whether it is there or not. */
  readonly synchronized: ReadonlySet<string>;
}

/** An object of a kind that is looked at; anything else is passed over. */
export type AnyObject = Readonly<Record<string, unknown>>;

/** Where the pods of a kind are described. */
const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};
/** Kinds whose objects make a Secret, and where they name it; without that it has their own name. */
const TARGET_PATHS: Readonly<Record<string, readonly string[]>> = {
  ExternalSecret: ["spec", "target", "name"],
  VaultStaticSecret: ["spec", "destination", "name"],
  VaultDynamicSecret: ["spec", "destination", "name"],
  VaultPKISecret: ["spec", "destination", "name"],
};
/** Secrets that Kubernetes or Helm fill by themselves. */
const PASSED_OVER_TYPES = new Set([
  "kubernetes.io/service-account-token",
  "bootstrap.kubernetes.io/token",
  "helm.sh/release.v1",
]);

/** Names of namespaces, and of every object that is looked at. What is none may be a template, or an attack on a shell. */
const NAME = /^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/;

/** Sorts objects by what they are for. */
export function inventoryOf(found: readonly AnyObject[]): Inventory {
  const objects = found.filter((object) => {
    const { namespace, name } = identityOf(object);
    return NAME.test(namespace) && NAME.test(name);
  });
  const ofKind = (...kinds: string[]): AnyObject[] =>
    objects.filter(({ kind }) => typeof kind === "string" && kinds.includes(kind));
  const synchronized = new Set(
    ofKind(...Object.keys(TARGET_PATHS)).map((object) => {
      const { kind, namespace, name } = identityOf(object);
      return `${namespace}/${textOf(valueAt(object, ...(TARGET_PATHS[kind] ?? []))) ?? name}`;
    }),
  );
  return {
    secrets: ofKind("Secret").flatMap((object) => foundSecret(object, synchronized) ?? []),
    workloads: objects.flatMap((object) => workload(object) ?? []),
    configMaps: new Map(
      ofKind("ConfigMap").map((object) => {
        const { namespace, name } = identityOf(object);
        return [`${namespace}/${name}`, recordOf(object["data"])];
      }),
    ),
    synchronized,
  };
}

/** Manifests without a namespace go where kubectl works, which is `default` until somebody changes it. */
function identityOf(object: AnyObject): { kind: string; namespace: string; name: string } {
  return {
    kind: textOf(object["kind"]) ?? "",
    namespace: textOf(valueAt(object, "metadata", "namespace")) ?? "default",
    name: textOf(valueAt(object, "metadata", "name")) ?? "",
  };
}

function ownersOf(object: AnyObject): Record<string, unknown>[] {
  return recordsOf(valueAt(object, "metadata", "ownerReferences"));
}

function foundSecret(object: AnyObject, synchronized: ReadonlySet<string>): FoundSecret | undefined {
  const { namespace, name } = identityOf(object);
  const type = textOf(object["type"]) ?? "Opaque";
  if (PASSED_OVER_TYPES.has(type) || valueAt(object, "metadata", "labels", "owner") === "helm")
    return undefined;
  const isOwned = ownersOf(object).some(({ kind }) => typeof kind === "string" && kind in TARGET_PATHS);
  const encoded = Object.entries(recordOf(object["data"])).map(([key, value]): [string, Buffer] => [
    key,
    Buffer.from(typeof value === "string" ? value : "", "base64"),
  ]);
  const plain = Object.entries(recordOf(object["stringData"])).map(([key, value]): [string, Buffer] => [
    key,
    Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
  ]);
  return {
    namespace,
    name,
    type,
    values: new Map([...encoded, ...plain]),
    isSynchronized: isOwned || synchronized.has(`${namespace}/${name}`),
  };
}

function workload(object: AnyObject): Workload | undefined {
  const identity = identityOf(object);
  // What a CronJob has started is not somebody else.
  if (ownersOf(object).some(({ kind }) => kind === "CronJob")) return undefined;
  const path = POD_PATHS[identity.kind];
  if (path !== undefined) {
    const pod = valueAt(object, ...path);
    return { ...identity, uses: secretReferences(pod), scripts: containerScripts(pod) };
  }
  if (identity.kind === "ServiceAccount")
    return { ...identity, uses: references(pullSecrets(object["imagePullSecrets"])), scripts: [] };
  if (identity.kind !== "Ingress") return undefined;
  const entries = recordsOf(valueAt(object, "spec", "tls"));
  return { ...identity, uses: references(entries.map(({ secretName }) => ["tls", secretName])), scripts: [] };
}
