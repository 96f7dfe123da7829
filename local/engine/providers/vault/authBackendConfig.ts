import type {
  AuthBackendConfigArgs,
  AuthBackendConfigState,
} from "@pulumi/vault/kubernetes/authBackendConfig";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callVault, type Context, readVault } from "./client";
import { NAMESPACE, refuseNamespace } from "./namespace";

/** What Vault tells of the configuration; never the reviewer's token. */
interface Configuration {
  kubernetes_host: string;
  kubernetes_ca_cert: string;
  issuer: string;
  disable_iss_validation: boolean;
  disable_local_ca_jwt: boolean;
  pem_keys: string[] | null;
}

/** https://developer.hashicorp.com/vault/api-docs/auth/kubernetes#configure-method. It can be written, not removed. */
export const authBackendConfig = resourceType<VaultAddress, AuthBackendConfigArgs, AuthBackendConfigState>({
  arguments: {
    backend: { type: "string", required: false, default: "kubernetes", path: true, replaces: true },
    disableIssValidation: { type: "boolean", required: false, computed: true },
    disableLocalCaJwt: { type: "boolean", required: false },
    issuer: { type: "string", required: false },
    kubernetesCaCert: { type: "string", required: false },
    kubernetesHost: { type: "string", required: true },
    namespace: NAMESPACE,
    pemKeys: { type: "list", required: false },
    tokenReviewerJwt: { type: "string", required: false },
    tokenReviewerJwtWo: { type: "string", required: false },
    tokenReviewerJwtWoVersion: { type: "number", required: false },
    useAnnotationsAsAliasMetadata: { type: "boolean", required: false },
  },
  check: refuseNamespace,
  secretOutputs: ["tokenReviewerJwt", "tokenReviewerJwtWo"],

  create: async (context, args) => {
    await write(context, args);
    return { id: path(args.backend), outputs: args };
  },

  read: async (context, id) => {
    const found = await readVault<Configuration>(context, id);
    return (
      found && {
        kubernetesHost: found.kubernetes_host,
        kubernetesCaCert: found.kubernetes_ca_cert,
        issuer: found.issuer,
        pemKeys: found.pem_keys ?? [],
        disableIssValidation: found.disable_iss_validation,
        disableLocalCaJwt: found.disable_local_ca_jwt,
      }
    );
  },

  update: async (context, _id, _state, args) => {
    await write(context, args);
    return args;
  },
});

async function write(context: Context, args: PlainValues<AuthBackendConfigArgs>): Promise<void> {
  await callVault(context, "POST", path(args.backend), {
    kubernetes_host: args.kubernetesHost,
    kubernetes_ca_cert: args.kubernetesCaCert,
    token_reviewer_jwt: args.tokenReviewerJwt ?? args.tokenReviewerJwtWo,
    issuer: args.issuer,
    pem_keys: args.pemKeys,
    disable_iss_validation: args.disableIssValidation,
    disable_local_ca_jwt: args.disableLocalCaJwt,
    use_annotations_as_alias_metadata: args.useAnnotationsAsAliasMetadata,
  });
}

function path(backend = "kubernetes"): string {
  return `auth/${backend}/config`;
}
