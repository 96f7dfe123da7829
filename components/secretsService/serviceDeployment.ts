/** The Deployment of the secrets service. Pure: settings in, manifest out. */
import {
  AUDIENCE,
  objectMetadata,
  podLabels,
  POD_PORT,
  POLICY_FOLDER,
  POLICY_KEY,
  PORT_NAME,
  serverAccountName,
  ServiceSettings,
  VALUES_FOLDER,
} from "./layout";

/** What the Deployment is made from. */
export interface DeploymentSettings extends ServiceSettings {
  image: string;
  imagePullPolicy: string;
  replicas: number;
  /** Secrets whose keys are served. */
  secrets: readonly string[];
  /** The Secret with the policy. */
  policySecret: string;
  /** Whether callers may show ServiceAccount tokens, which the apiserver reviews. */
  reviewsTokens: boolean;
}

/** The annotation that changes with the policy, so that the pods that are there when it has changed all know it. */
export const POLICY_ANNOTATION = "secrets-platform/policy";

/** Readable by the owning group alone, which is that of the pod. */
const FILE_MODE = 0o440;
/** User and group of the image. */
const USER = 65532;
/** Seconds that the service goes on answering after it was told to end, and some for what is under way. */
const DRAIN_SECONDS = 3;
const GRACE_SECONDS = 15;

/** The manifest's spec and metadata. The annotation with the policy's digest comes on top. */
export function serviceDeployment(settings: DeploymentSettings) {
  const labels = podLabels(settings);
  return {
    metadata: objectMetadata(settings),
    spec: {
      replicas: settings.replicas,
      selector: { matchLabels: labels },
      // A new pod is ready before an old one goes: there is no moment with fewer.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: { metadata: { labels: { ...labels, ...settings.metadata.labels } }, spec: podSpec(settings) },
    },
  };
}

function podSpec(settings: DeploymentSettings) {
  return {
    serviceAccountName: serverAccountName(settings.name),
    automountServiceAccountToken: settings.reviewsTokens,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        // A cluster with one node is no reason to answer nobody.
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: podLabels(settings) },
      }),
    ),
    containers: [container(settings)],
    volumes: [
      {
        name: "values",
        projected: {
          defaultMode: FILE_MODE,
          sources: settings.secrets.map((name) => ({ secret: { name } })),
        },
      },
      { name: "policy", secret: { secretName: settings.policySecret, defaultMode: FILE_MODE } },
    ],
  };
}

function container({ image, imagePullPolicy, reviewsTokens }: DeploymentSettings) {
  return {
    name: "secrets-service",
    image,
    imagePullPolicy,
    env: [
      { name: "HOST", value: "0.0.0.0" },
      { name: "PORT", value: String(POD_PORT) },
      { name: "SECRETS_STORE", value: "file" },
      { name: "SECRETS_FILE", value: VALUES_FOLDER },
      { name: "POLICY_FILE", value: `${POLICY_FOLDER}/${POLICY_KEY}` },
      { name: "DRAIN_SECONDS", value: String(DRAIN_SECONDS) },
      ...(reviewsTokens ? [{ name: "TOKEN_REVIEW_AUDIENCE", value: AUDIENCE }] : []),
    ],
    ports: [{ name: PORT_NAME, containerPort: POD_PORT }],
    readinessProbe: {
      httpGet: { path: "/readyz", port: PORT_NAME },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 2,
    },
    livenessProbe: {
      httpGet: { path: "/healthz", port: PORT_NAME },
      initialDelaySeconds: 5,
      periodSeconds: 10,
      timeoutSeconds: 3,
    },
    resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "192Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "values", mountPath: VALUES_FOLDER, readOnly: true },
      { name: "policy", mountPath: POLICY_FOLDER, readOnly: true },
    ],
  };
}
