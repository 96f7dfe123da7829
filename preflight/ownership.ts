/** Who owns the objects that a stack is about to make. Pure: what was found in the cluster in, verdicts out. */
import { KubernetesObject } from "../clients/kubernetes";
import { MANAGED_BY, MANAGED_BY_LABEL, OWNER_ANNOTATION, ownerName } from "../components/identity";
import { OWNER_MARKER_NAME, RELEASE_NAME } from "../components/externalSecrets/externalSecretsOperator";
import { Plan } from "../plan/plan";
import { PreflightProblem } from "./problem";

/** An object that a stack would own. */
export interface OwnedObject {
  kind: "Secret" | "ClusterSecretStore" | "ExternalSecret" | "ConfigMap";
  /** None for what is not in a namespace. */
  namespace?: string;
  name: string;
}

/** An owned object, and what stands in the cluster under its name. */
export interface FoundObject extends OwnedObject {
  found: KubernetesObject | undefined;
}

/** Every object that the stack would own and that another stack or a person could have made before. */
export function ownedObjects(plan: Plan): OwnedObject[] {
  const namespace = plan.configuration.externalSecrets.namespace;
  return [
    ...(plan.configuration.cluster.owns
      ? [{ kind: "ConfigMap" as const, namespace, name: OWNER_MARKER_NAME }]
      : []),
    ...plan.stores
      .filter((store) => store.owned)
      .flatMap((store): OwnedObject[] => [
        { kind: "Secret", namespace, name: store.tokenSecret.name },
        { kind: "ClusterSecretStore", name: store.store },
      ]),
    ...plan.applications.flatMap((application): OwnedObject[] => [
      ...application.secrets.map((secret) => ({
        kind: "ExternalSecret" as const,
        namespace: application.namespace,
        name: secret.name,
      })),
      ...(application.configMap
        ? [{ kind: "ConfigMap" as const, namespace: application.namespace, name: application.configMap }]
        : []),
    ]),
  ];
}

/** How a message names an object: `Secret external-secrets/doppler-token-dev`. */
function describeObject(object: OwnedObject): string {
  return `${object.kind} ${object.namespace ? `${object.namespace}/` : ""}${object.name}`;
}

/** Objects that another stack owns. */
export function foreignObjects(plan: Plan, objects: readonly FoundObject[]): PreflightProblem[] {
  const own = ownerName(plan.identity);
  return objects.flatMap((object) => {
    const owner = object.found?.metadata.annotations?.[OWNER_ANNOTATION];
    if (owner === undefined || owner === own) return [];
    const otherStack = owner.split("/").at(-1) ?? owner;
    return [
      {
        subject: describeObject(object),
        found: `stack "${owner}" owns it, and this is "${own}"`,
        remedy:
          object.name === OWNER_MARKER_NAME ||
          object.kind === "ClusterSecretStore" ||
          object.kind === "Secret"
            ? `A cluster has one owner of its operators and shared stores: write "cluster: { owner: ${otherStack} }" ` +
              "in this stack's configuration, or choose other names in doppler.configs."
            : "Give the application another namespace or another name in this environment.",
      },
    ];
  });
}

/** Objects that were made by hand, and that the stack takes over. */
export function adoptedObjects(objects: readonly FoundObject[]): string[] {
  return objects
    .filter((object) => object.found && object.found.metadata.annotations?.[OWNER_ANNOTATION] === undefined)
    .map((object) =>
      object.kind === "Secret"
        ? `${describeObject(object)} was made by hand: its token is replaced by one that this stack minted. ` +
          "Revoke the old token in Doppler: see docs/doppler.md."
        : `${describeObject(object)} was made by hand: this stack takes it over.`,
    );
}

/** Secrets of the applications under whose name something stands that the operator did not make. */
export function overwrittenSecrets(plan: Plan, secrets: readonly KubernetesObject[]): string[] {
  const declared = new Set(
    plan.applications.flatMap(({ namespace, secrets: names }) =>
      names.map(({ name }) => `${namespace}/${name}`),
    ),
  );
  return secrets
    .filter(({ metadata }) => metadata.labels?.[MANAGED_BY_LABEL] !== MANAGED_BY)
    .map(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}`)
    .filter((name) => declared.has(name))
    .map(
      (name) =>
        `Secret ${name} was made by hand: its contents are replaced by those of Doppler, ` +
        "and it will be deleted with its application.",
    );
}

/** A release of the operator that no stack of this project made. */
export function foreignRelease(
  plan: Plan,
  records: readonly KubernetesObject[],
  marker: KubernetesObject | undefined,
): PreflightProblem[] {
  if (records.length === 0 || marker) return [];
  return [
    {
      subject: `Helm release ${plan.configuration.externalSecrets.namespace}/${RELEASE_NAME}`,
      found: "External Secrets Operator is installed already, and no stack of this project owns it",
      remedy:
        "Uninstall that release first, and keep its CRDs: annotate them with helm.sh/resource-policy=keep. " +
        "A cluster holds one such operator.",
    },
  ];
}
