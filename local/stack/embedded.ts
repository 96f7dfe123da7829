import { externalSecretsChart } from "../charts/externalSecrets";
import { vaultSecretsOperatorChart } from "../charts/vaultSecretsOperator";
import {
  BUSYBOX_IMAGE,
  type ChartImage,
  externalSecretsImage,
  kubeRbacProxyImage,
  secretsServiceReference,
  vaultSecretsOperatorImage,
} from "../images/catalogue";
import { openbaoCertificate } from "../node/certificates";
import { CHECKOUT } from "../node/instance";
import { CONTEXT } from "../node/kubeconfig";
import type { EmbeddedNode } from "../node/node";
import { DOPPLER_ADDRESS, OPENBAO_ADDRESS, OPENBAO_TLS_ADDRESS } from "../node/services/secretStores";
import { obtainPart } from "../parts";
import { dopplerProject, stackFileValues } from "./configuration";
import type { ChartTarget, Target } from "./target";

/** Stack of the embedded cluster. */
export const EMBEDDED_STACK = "local";

/** The project's environment that the embedded cluster stands for unless another one is named. */
export const EMBEDDED_ENVIRONMENT = "dev";

/** The operator's assembled chart, with images that are on the node already. */
export async function embeddedChart(): Promise<ChartTarget> {
  const { version } = await obtainPart("external-secrets");
  const { repository, tag } = await externalSecretsImage();
  // Separate objects: YAML would write one that is used twice as an alias.
  const image = (): Record<string, string> => ({ repository, tag, pullPolicy: "Never" });
  return {
    chart: await externalSecretsChart(version),
    version,
    values: {
      image: image(),
      webhook: { image: image() },
      certController: { image: image() },
    },
  };
}

/** The chart of Vault Secrets Operator, with images that are on the node already. */
export async function embeddedVaultChart(): Promise<ChartTarget> {
  const [operator, proxy] = await Promise.all([vaultSecretsOperatorImage(), kubeRbacProxyImage()]);
  const image = ({ repository, tag }: ChartImage) => ({ repository, tag, pullPolicy: "Never" });
  return {
    chart: await vaultSecretsOperatorChart(operator.tag),
    version: operator.tag,
    values: { controller: { manager: { image: image(operator) }, kubeRbacProxy: { image: image(proxy) } } },
  };
}

/** The stack on the embedded cluster. */
export async function embeddedTarget(node: EmbeddedNode): Promise<Target> {
  const credentials = await node.credentials();
  const project = dopplerProject(await stackFileValues(CHECKOUT, EMBEDDED_ENVIRONMENT));
  return {
    stack: EMBEDDED_STACK,
    environment: EMBEDDED_ENVIRONMENT,
    kubernetes: { context: CONTEXT, kubeconfig: node.instance.kubeconfig },
    doppler: { project, host: DOPPLER_ADDRESS, token: credentials.doppler },
    chart: await embeddedChart(),
    vaultChart: await embeddedVaultChart(),
    vault: {
      address: OPENBAO_ADDRESS,
      token: credentials.openbao,
      encrypted: {
        address: OPENBAO_TLS_ADDRESS,
        caCertificateFile: openbaoCertificate(node.instance),
      },
    },
    secretsService: { image: await secretsServiceReference(), imagePullPolicy: "Never" },
  };
}

/** Configuration of the example stack, which consumes what the platform's stack provides. */
export function exampleConfiguration(target: Target): Record<string, unknown> {
  return {
    "example-application:platformStack": `organization/secrets-platform/${target.stack}`,
    "example-application:context": target.kubernetes.context,
    "example-application:image": BUSYBOX_IMAGE,
    "example-application:imagePullPolicy": "Never",
  };
}
