import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { vaultSecretsOperatorChart } from "../charts/vaultSecretsOperator";
import { runOrThrow } from "../process/run";
import { obtainPart } from "../parts";
import type { Image } from "./archive";
import { secretsServiceContent, secretsServiceVersion } from "./secretsService";

const REGISTRY = "secrets-platform.local";

/** The sandbox of every pod. */
export const PAUSE_IMAGE = `${REGISTRY}/pause:1.0.0`;

/** A shell and the usual small commands, for example applications. */
export const BUSYBOX_IMAGE = `${REGISTRY}/busybox:1`;

/** OpenBao, for a server that runs as a pod. */
export const OPENBAO_IMAGE = `${REGISTRY}/openbao:2`;

/** An image of an operator, with repository and tag as its chart takes them apart. */
export interface ChartImage {
  repository: string;
  tag: string;
  image: Image;
}

/** The image of External Secrets Operator. */
export async function externalSecretsImage(): Promise<ChartImage> {
  const part = await obtainPart("external-secrets");
  const repository = `${REGISTRY}/external-secrets`;
  const tag = `v${part.version}`;
  const image = {
    reference: `${repository}:${tag}`,
    executables: { "bin/external-secrets": part.path },
    entrypoint: ["/bin/external-secrets"],
  };
  return { repository, tag, image };
}

/** The image of Vault Secrets Operator, with what its chart's Job for upgrading the CRDs runs. */
export async function vaultSecretsOperatorImage(): Promise<ChartImage> {
  const part = await obtainPart("vault-secrets-operator");
  const repository = `${REGISTRY}/vault-secrets-operator`;
  const definitions = join(await vaultSecretsOperatorChart(part.version), "crds");
  const files = (await readdir(definitions)).map((name) => [`scripts/crds/${name}`, join(definitions, name)]);
  const image = {
    reference: `${repository}:${part.version}`,
    executables: { "vault-secrets-operator": part.path },
    files: Object.fromEntries(files) as Record<string, string>,
    // The operator upgrades CRDs when it is started under this name.
    links: { "scripts/upgrade-crds": "../vault-secrets-operator" },
    entrypoint: ["/vault-secrets-operator"],
  };
  return { repository, tag: part.version, image };
}

/** The image of the proxy before the metrics of Vault Secrets Operator. */
export async function kubeRbacProxyImage(): Promise<ChartImage> {
  const part = await obtainPart("kube-rbac-proxy");
  const repository = `${REGISTRY}/kube-rbac-proxy`;
  const tag = `v${part.version}`;
  const image = {
    reference: `${repository}:${tag}`,
    executables: { "usr/local/bin/kube-rbac-proxy": part.path },
    entrypoint: ["/usr/local/bin/kube-rbac-proxy"],
  };
  return { repository, tag, image };
}

/** Repository and tag of the secrets service: its image is made of this checkout. */
export async function secretsServiceReference(): Promise<string> {
  return `${REGISTRY}/secrets-service:${await secretsServiceVersion()}`;
}

/** The image of the secrets service. */
export async function secretsServiceImage(): Promise<Image> {
  return { reference: await secretsServiceReference(), ...(await secretsServiceContent()) };
}

export async function openbaoImage(): Promise<Image> {
  const part = await obtainPart("openbao");
  return {
    reference: OPENBAO_IMAGE,
    executables: { "bin/bao": part.path },
    entrypoint: ["/bin/bao"],
  };
}

export async function pauseImage(): Promise<Image> {
  const part = await obtainPart("pause");
  return { reference: PAUSE_IMAGE, executables: { pause: part.path }, entrypoint: ["/pause"] };
}

export async function busyboxImage(): Promise<Image> {
  const part = await obtainPart("busybox");
  const commands = (await runOrThrow(part.path, ["--list"])).split("\n");
  const links = commands.filter((name) => name !== "" && name !== "busybox");
  return {
    reference: BUSYBOX_IMAGE,
    executables: { "bin/busybox": part.path },
    links: Object.fromEntries(links.map((name) => [`bin/${name}`, "busybox"])),
    entrypoint: [],
  };
}
