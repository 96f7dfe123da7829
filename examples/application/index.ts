import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ApplicationOutputs, environmentFrom, PlatformOutputs } from "../../consumer/platformOutputs";

const config = new pulumi.Config();
const platform = new PlatformOutputs(config.require("platformStack"));
const applications = config.requireObject<string[]>("applications");
const provider = new kubernetes.Provider("kubernetes", { context: config.require("context") });

/** A Deployment of one container that says that it started, and stays. */
function deployment(
  name: string,
  application: ApplicationOutputs,
  environment: {
    envFrom: pulumi.Input<pulumi.Input<kubernetes.types.input.core.v1.EnvFromSource>[]>;
    env?: kubernetes.types.input.core.v1.EnvVar[];
  },
): void {
  const labels = { app: name };
  new kubernetes.apps.v1.Deployment(
    name,
    {
      metadata: { name, namespace: application.namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name,
                image: config.require("image"),
                imagePullPolicy: config.require("imagePullPolicy"),
                command: [
                  "sh",
                  "-c",
                  'trap "exit 0" TERM; echo started; while :; do sleep 1 & wait $!; done',
                ],
                ...environment,
                resources: { requests: { cpu: "1m", memory: "8Mi" }, limits: { memory: "32Mi" } },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
              },
            ],
          },
        },
      },
    },
    { provider },
  );
}

// Everything at once: each key of its Secrets and of its ConfigMap is a variable.
const bookmarked = platform.application("bookmarked");
deployment("bookmarked", bookmarked, { envFrom: environmentFrom(bookmarked) });

// Key by key: only what is named, under names of the application's own.
const shop = platform.application("shop");
deployment("shop", shop, {
  envFrom: shop.configMap.apply((name) => (name ? [{ configMapRef: { name } }] : [])),
  env: [
    { name: "PAYMENT_KEY", valueFrom: { secretKeyRef: { name: "shop-secrets", key: "STRIPE_API_KEY" } } },
    { name: "SENTRY_DSN", valueFrom: { secretKeyRef: { name: "shop-monitoring", key: "SENTRY_DSN" } } },
    {
      name: "WAREHOUSE_KEY",
      valueFrom: { secretKeyRef: { name: "api-keys", key: "warehouse", optional: true } },
    },
  ],
});

// From Vault it is the same: a Secret is a Secret. Vault Secrets Operator restarts the pods when it changes.
if (applications.includes("billing")) {
  const billing = platform.application("billing");
  deployment("billing", billing, { envFrom: environmentFrom(billing) });
}
