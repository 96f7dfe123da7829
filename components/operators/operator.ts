/** An operator that exists once per cluster, by the names that tell whether it is there and whose it is. */
export interface Operator {
  /** As people call it. */
  title: string;
  /** Name of the Helm release. Fixed: the kept CRDs belong to a release of this name and namespace. */
  release: string;
  /** The ConfigMap in the operator's namespace that tells which stack owns the operator. */
  marker: string;
  /** The Deployment that works on its objects, and removes their finalizers. */
  deployment: string;
  /** Where a stack's configuration has its chart. */
  setting: "externalSecrets" | "vaultSecretsOperator";
}

export const EXTERNAL_SECRETS_OPERATOR: Operator = {
  title: "External Secrets Operator",
  release: "external-secrets",
  marker: "secrets-platform-owner",
  deployment: "external-secrets",
  setting: "externalSecrets",
};

export const VAULT_SECRETS_OPERATOR: Operator = {
  title: "Vault Secrets Operator",
  release: "vault-secrets-operator",
  marker: "secrets-platform-vault-owner",
  deployment: "vault-secrets-operator-controller-manager",
  setting: "vaultSecretsOperator",
};
