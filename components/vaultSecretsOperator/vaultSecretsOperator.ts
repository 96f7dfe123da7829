import * as pulumi from "@pulumi/pulumi";
import { mergeValues } from "../operators/chartValues";
import { VAULT_SECRETS_OPERATOR } from "../operators/operator";
import { OperatorRelease, OperatorReleaseArgs } from "../operators/operatorRelease";
import { productionValues } from "./operatorValues";

/** Vault Secrets Operator from its Helm chart. Helm keeps its CRDs when the release goes. */
export class VaultSecretsOperator extends OperatorRelease {
  constructor(name: string, args: OperatorReleaseArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "secrets-platform:vaultSecretsOperator:VaultSecretsOperator",
      name,
      VAULT_SECRETS_OPERATOR,
      args,
      mergeValues(productionValues(), args.values),
      options,
    );
  }
}
