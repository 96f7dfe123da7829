import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { KUBERNETES_USERS, type Credentials, type KubernetesUser } from "./credentials";
import type { Instance } from "./instance";
import { NODE_ADDRESS } from "./namespace";

/** Context of the embedded cluster in its kubeconfig. */
export const CONTEXT = "secrets-platform-local";

/** Port of the API server. */
export const API_SERVER_PORT = 6443;

/** Groups and names that roles are bound to, most of them built-in roles of Kubernetes. */
function identityOf(user: KubernetesUser, node: string): { name: string; group?: string } {
  switch (user) {
    case "admin":
      return { name: "admin", group: "system:masters" };
    case "kubelet":
      return { name: `system:node:${node}`, group: "system:nodes" };
    case "coredns":
      return { name: user };
    case "proxy":
    case "scheduler":
    case "controller-manager":
      return { name: `system:kube-${user}` };
  }
}

/** The API server's file of static tokens: token, name, unique id, groups. */
export function tokenFile(credentials: Credentials, node: string): string {
  return KUBERNETES_USERS.map((user) => {
    const { name, group } = identityOf(user, node);
    return [credentials.kubernetes[user], name, name, ...(group === undefined ? [] : [group])].join(",");
  })
    .map((line) => `${line}\n`)
    .join("");
}

/** Path of the kubeconfig of a user. The person's lies on top of the instance's folder. */
export function kubeconfigPath(instance: Instance, user: KubernetesUser): string {
  return user === "admin" ? instance.kubeconfig : join(instance.configuration, `${user}.kubeconfig`);
}

/** Writes a kubeconfig for every user, readable by this person only. */
export async function writeKubeconfigs(
  instance: Instance,
  credentials: Credentials,
  certificate: string,
): Promise<void> {
  const authority = (await readFile(certificate)).toString("base64");
  for (const user of KUBERNETES_USERS) {
    const cluster = {
      server: `https://${NODE_ADDRESS}:${API_SERVER_PORT}`,
      "certificate-authority-data": authority,
    };
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: CONTEXT, cluster }],
      users: [{ name: user, user: { token: credentials.kubernetes[user] } }],
      contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
      "current-context": CONTEXT,
    };
    await writeWhenChanged(kubeconfigPath(instance, user), stringify(kubeconfig));
  }
}

/** Servers watch their files, and some end when one is written: a file that is right is left alone. */
async function writeWhenChanged(file: string, content: string): Promise<void> {
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present !== content) await writeFile(file, content, { mode: 0o600 });
}
