import { generateKeyPairSync } from "node:crypto";
import { access, chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runOrThrow } from "../process/run";
import type { Instance } from "./instance";
import { NODE_ADDRESS } from "./namespace";

/** Files of the servers' keys and certificates. */
export interface Certificates {
  /** The API server's own, which clients trust as it is: nobody has signed it. */
  server: { certificate: string; key: string };
  /** What the API server shows to the kubelet, for logs and commands in pods. */
  kubeletClient: { certificate: string; key: string };
  /** Signs the tokens of service accounts. */
  serviceAccountKey: string;
  /** What OpenBao shows where it is encrypted. Clients trust it as it is, too. */
  openbao: { certificate: string; key: string };
}

/** Folder of all of them. */
function folderOf(instance: Instance): string {
  return join(instance.configuration, "certificates");
}

function pairIn(folder: string, name: string): { certificate: string; key: string } {
  return { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

/** PEM file of OpenBao's certificate, which is its own authority. It is there once the node was started. */
export function openbaoCertificate(instance: Instance): string {
  return pairIn(folderOf(instance), "openbao").certificate;
}

/** The first address of the range of Services is the API server's. */
const SERVICE_ADDRESS = "10.96.0.1";

const SERVER_NAMES = [
  `IP:${NODE_ADDRESS}`,
  `IP:${SERVICE_ADDRESS}`,
  "IP:127.0.0.1",
  "DNS:localhost",
  "DNS:kubernetes",
  "DNS:kubernetes.default",
  "DNS:kubernetes.default.svc",
];

/**
 * The certificates of an instance, made when they are missing.
 *
 * @param openssl Path of the executable.
 */
export async function certificatesOf(instance: Instance, openssl: string): Promise<Certificates> {
  const folder = folderOf(instance);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const certificates: Certificates = {
    server: pairIn(folder, "apiserver"),
    kubeletClient: pairIn(folder, "apiserver-kubelet-client"),
    serviceAccountKey: join(folder, "service-accounts.key"),
    openbao: pairIn(folder, "openbao"),
  };
  const { server, kubeletClient, serviceAccountKey, openbao } = certificates;
  if (!(await exists(serviceAccountKey))) {
    await selfSigned(openssl, server, "/CN=kube-apiserver", [
      `subjectAltName=${SERVER_NAMES.join(",")}`,
      "extendedKeyUsage=serverAuth",
    ]);
    await selfSigned(openssl, kubeletClient, "/O=system:masters/CN=kube-apiserver-kubelet-client", [
      "extendedKeyUsage=clientAuth",
    ]);
    // The last one: when it is there, all are.
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    await writeFile(serviceAccountKey, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  }
  if (!(await exists(openbao.certificate))) {
    await selfSigned(openssl, openbao, "/CN=openbao", [
      `subjectAltName=IP:${NODE_ADDRESS}`,
      "extendedKeyUsage=serverAuth",
    ]);
  }
  return certificates;
}

async function selfSigned(
  openssl: string,
  files: { certificate: string; key: string },
  subject: string,
  extensions: readonly string[],
): Promise<void> {
  await runOrThrow(openssl, [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-days", "3650", "-subj", subject, ...extensions.flatMap((extension) => ["-addext", extension])],
    ...["-keyout", files.key, "-out", files.certificate],
  ]);
  await chmod(files.key, 0o600);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
