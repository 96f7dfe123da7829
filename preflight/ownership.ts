/** Who owns the objects that a stack is about to make. Pure: what was found in the cluster in, verdicts out. */
import { KubernetesObject } from "../clients/kubernetes";
import { MANAGED_BY, MANAGED_BY_LABEL, OWNER_ANNOTATION, ownerName } from "../components/identity";
import { policySecretName } from "../components/secretsService/layout";
import { Operator } from "../components/operators/operator";
import { operatorsInUse } from "../plan/operators";
import { dopplerSecrets, environmentSecrets, Plan, vaultSecrets } from "../plan/plan";
import { planVault } from "../plan/vault";
import { PreflightProblem } from "./problem";

/** An object that a stack would own. */
export interface OwnedObject {
  kind:
    | "Secret"
    | "ClusterSecretStore"
    | "ExternalSecret"
    | "ConfigMap"
    | "VaultConnection"
    | "VaultAuth"
    | "VaultStaticSecret"
    | "Service"
    | "Deployment"
    | "NetworkPolicy"
    | "PodDisruptionBudget";
  /** None for what is not in a namespace. */
  namespace?: string;
  name: string;
  /** For a Secret: whether it holds an application's values, rather than a token. */
  holdsValues?: boolean;
}

/** An owned object, and what stands in the cluster under its name. */
export interface FoundObject extends OwnedObject {
  found: KubernetesObject | undefined;
}

/** Every object that the stack would own and that another stack or a person could have made before. */
export function ownedObjects(plan: Plan): OwnedObject[] {
  const namespace = plan.configuration.externalSecrets.namespace;
  const markers = plan.configuration.cluster.owns ? operatorsInUse(plan) : [];
  return [
    ...markers.map(({ operator, chart }) => ({
      kind: "ConfigMap" as const,
      namespace: chart.namespace,
      name: operator.marker,
    })),
    ...plan.stores
      .filter((store) => store.owned)
      .flatMap((store): OwnedObject[] => [
        { kind: "Secret", namespace, name: store.tokenSecret.name },
        { kind: "ClusterSecretStore", name: store.store },
      ]),
    ...plan.applications.flatMap((application): OwnedObject[] => [
      ...dopplerSecrets(application).map((secret) => ({
        kind: "ExternalSecret" as const,
        namespace: application.namespace,
        name: secret.name,
      })),
      ...environmentSecrets(application).map((secret) => ({
        kind: "Secret" as const,
        namespace: application.namespace,
        name: secret.name,
        holdsValues: true,
      })),
      ...(application.configMap
        ? [{ kind: "ConfigMap" as const, namespace: application.namespace, name: application.configMap }]
        : []),
    ]),
    ...vaultObjects(plan),
    ...secretsServiceObjects(plan),
  ];
}

function secretsServiceObjects({ secretsService }: Plan): OwnedObject[] {
  if (!secretsService) return [];
  const { application, callers } = secretsService;
  const { name, namespace } = application;
  return [
    ...(["Service", "NetworkPolicy", "PodDisruptionBudget"] as const).map((kind) => ({
      kind,
      namespace,
      name,
    })),
    ...(callers.length > 0
      ? [
          { kind: "Deployment" as const, namespace, name },
          { kind: "Secret" as const, namespace, name: policySecretName(name), holdsValues: true },
        ]
      : []),
    ...callers.flatMap((caller): OwnedObject[] =>
      caller.tokenSecret === undefined
        ? []
        : [
            {
              kind: "Secret",
              namespace: caller.application.namespace,
              name: caller.tokenSecret,
              holdsValues: true,
            },
          ],
    ),
  ];
}

function vaultObjects(plan: Plan): OwnedObject[] {
  const vault = planVault(plan);
  if (!vault) return [];
  return [
    {
      kind: "VaultConnection",
      namespace: plan.configuration.vaultSecretsOperator.namespace,
      name: vault.connection,
    },
    ...vault.applications.flatMap(({ application: { namespace, name }, secrets }): OwnedObject[] => [
      { kind: "VaultAuth", namespace, name },
      ...secrets.map((secret) => ({ kind: "VaultStaticSecret" as const, namespace, name: secret.name })),
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
          isMarker(plan, object) || object.kind === "ClusterSecretStore" || isToken(object)
            ? `A cluster has one owner of its operators and shared stores: write "cluster: { owner: ${otherStack} }" ` +
              "in this stack's configuration, or choose other names in doppler.configs."
            : "Give the application another namespace or another name in this environment.",
      },
    ];
  });
}

function isMarker(plan: Plan, { kind, name }: OwnedObject): boolean {
  return kind === "ConfigMap" && operatorsInUse(plan).some(({ operator }) => operator.marker === name);
}

function isToken({ kind, holdsValues }: OwnedObject): boolean {
  return kind === "Secret" && holdsValues !== true;
}

/** Objects that were made by hand, and that the stack takes over; {@link overwrittenSecrets} tells of values. */
export function adoptedObjects(objects: readonly FoundObject[]): string[] {
  return objects
    .filter(({ holdsValues }) => holdsValues !== true)
    .filter((object) => object.found && object.found.metadata.annotations?.[OWNER_ANNOTATION] === undefined)
    .map((object) =>
      isToken(object)
        ? `${describeObject(object)} was made by hand: its token is replaced by one that this stack minted. ` +
          "Revoke the old token in Doppler: see docs/doppler.md."
        : `${describeObject(object)} was made by hand: this stack takes it over.`,
    );
}

/** What an operator's own Secrets are labelled with, as managed by it. */
const OPERATORS_LABELS: readonly (string | undefined)[] = [MANAGED_BY, "hashicorp-vso"];

/** Secrets of the applications under whose name something stands that no operator made. */
export function overwrittenSecrets(plan: Plan, secrets: readonly KubernetesObject[]): string[] {
  const callers = plan.secretsService?.callers ?? [];
  const sources = new Map([
    ...callers.map(
      ({ application: { namespace }, tokenSecret = "" }) =>
        [`${namespace}/${tokenSecret}`, "the secrets service's callers"] as const,
    ),
    ...plan.applications.flatMap((application) => {
      const key = ({ name }: { name: string }): string => `${application.namespace}/${name}`;
      return [
        ...dopplerSecrets(application).map((secret) => [key(secret), "Doppler"] as const),
        ...vaultSecrets(application).map((secret) => [key(secret), "Vault"] as const),
        ...environmentSecrets(application).map((secret) => [key(secret), "the environment"] as const),
      ];
    }),
  ]);
  return secrets
    .filter(({ metadata }) => !OPERATORS_LABELS.includes(metadata.labels?.[MANAGED_BY_LABEL]))
    .flatMap(({ metadata }) => {
      const name = `${metadata.namespace ?? ""}/${metadata.name}`;
      const source = sources.get(name);
      if (source === undefined) return [];
      return [
        `Secret ${name} was made by hand: its contents are replaced by those of ${source}, ` +
          "and it will be deleted with its application.",
      ];
    });
}

/**
 * Secrets from the environment under whose names an operator's Secrets stand: such a Secret goes with the object that
 * it was made from, whoever has written it meanwhile.
 */
export function operatorsSecrets(plan: Plan, secrets: readonly KubernetesObject[]): PreflightProblem[] {
  const declared = new Set(
    plan.applications.flatMap((application) =>
      environmentSecrets(application).map(({ name }) => `${application.namespace}/${name}`),
    ),
  );
  return secrets.flatMap(({ metadata }) => {
    const name = `${metadata.namespace ?? ""}/${metadata.name}`;
    const [owner] = metadata.ownerReferences ?? [];
    if (owner === undefined || !declared.has(name)) return [];
    return [
      {
        subject: `Secret ${name}`,
        found: `it was made from ${owner.kind} ${owner.name}, and is deleted with it`,
        remedy:
          "Give the Secret from the environment another name; or take it out of the application's file, run pulumi up, " +
          "and put it in again.",
      },
    ];
  });
}

/** A release of an operator that no stack of this project made. */
export function foreignRelease(
  { title, release }: Operator,
  namespace: string,
  records: readonly KubernetesObject[],
  marker: KubernetesObject | undefined,
): PreflightProblem[] {
  if (records.length === 0 || marker) return [];
  return [
    {
      subject: `Helm release ${namespace}/${release}`,
      found: `${title} is installed already, and no stack of this project owns it`,
      remedy:
        "Uninstall that release first, and keep its CRDs: annotate them with helm.sh/resource-policy=keep. " +
        "A cluster holds one such operator.",
    },
  ];
}
