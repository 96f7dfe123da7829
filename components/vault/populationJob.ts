/**
 * The Job that fills a secret in Vault once, with an image and a command of the application's. Pure.
 * Its container finds in its environment what the `vault` and `bao` commands read as well.
 */
import { OwnedMetadata } from "../identity";

/** What a Job needs to know. */
export interface PopulationJobSettings {
  name: string;
  namespace: string;
  metadata: OwnedMetadata;
  image: string;
  command: readonly string[];
  serviceAccount: string;
  /** Vault's address as pods reach it. */
  address: string;
  /** Authority of Vault's certificate, PEM. */
  caCertificate?: string | undefined;
  /** The kubernetes auth method, the role in it, and the audience that the role demands. */
  auth: { path: string; role: string; audience: string };
  /** The KV v2 mount, and the path below it. */
  mount: string;
  path: string;
  /** How long it may take, in seconds. */
  timeoutSeconds: number;
}

const TOKEN_FOLDER = "/var/run/secrets/vault";
const RETRIES = 2;
/** Placeholders are written once: the values that take their place are version 2. */
const PLACEHOLDER_VERSION = 1;

/** The manifest of the Job. */
export function populationJobManifest(settings: PopulationJobSettings) {
  const { name, namespace, metadata, image, command, serviceAccount, auth, timeoutSeconds } = settings;
  const variables = {
    VAULT_ADDR: settings.address,
    ...(settings.caCertificate ? { VAULT_CACERT_BYTES: settings.caCertificate } : {}),
    VAULT_AUTH_PATH: auth.path,
    VAULT_ROLE: auth.role,
    VAULT_MOUNT: settings.mount,
    VAULT_PATH: settings.path,
    // With it, a write fails where somebody has written real values meanwhile.
    VAULT_CAS: String(PLACEHOLDER_VERSION),
    VAULT_JWT_FILE: `${TOKEN_FOLDER}/token`,
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, labels: metadata.labels, annotations: metadata.annotations },
    spec: {
      backoffLimit: RETRIES,
      activeDeadlineSeconds: timeoutSeconds,
      template: {
        metadata: { labels: metadata.labels },
        spec: {
          restartPolicy: "Never",
          serviceAccountName: serviceAccount,
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "populate",
              image,
              imagePullPolicy: "IfNotPresent",
              command: [...command],
              env: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
              resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { memory: "256Mi" } },
              volumeMounts: [{ name: "vault", mountPath: TOKEN_FOLDER, readOnly: true }],
            },
          ],
          volumes: [
            {
              name: "vault",
              projected: {
                sources: [
                  {
                    serviceAccountToken: { audience: auth.audience, expirationSeconds: 600, path: "token" },
                  },
                ],
              },
            },
          ],
        },
      },
    },
  };
}
