import { sendToVault, vaultErrorOf } from "../../../clients/vaultHttp";
import { Embedded } from "./embedded";

/** A token of a ServiceAccount, as the operator asks for one. */
export async function serviceAccountToken(
  { cluster }: Embedded,
  namespace: string,
  name: string,
  audience = "vault",
): Promise<string> {
  const { status } = await cluster.create<{ status: { token: string } }>(
    `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: [audience], expirationSeconds: 600 },
    },
  );
  return status.token;
}

/** Logs in to Vault with a ServiceAccount's token. @returns a Vault token. @throws VaultError */
export async function vaultLogin(
  address: string,
  role: string,
  jwt: string,
  path = "kubernetes",
): Promise<string> {
  const answer = await sendToVault({ address }, "POST", `auth/${path}/login`, { role, jwt });
  if (answer.status !== 200) throw vaultErrorOf(answer);
  return (answer.document as { auth: { client_token: string } }).auth.client_token;
}
