import * as pulumi from "@pulumi/pulumi";
import { mergeValues } from "../operators/chartValues";
import { EXTERNAL_SECRETS_OPERATOR } from "../operators/operator";
import { OperatorRelease, OperatorReleaseArgs } from "../operators/operatorRelease";
import { productionValues, withDopplerAddress } from "./operatorValues";

/** Arguments of {@link ExternalSecretsOperator}. */
export interface ExternalSecretsOperatorArgs extends OperatorReleaseArgs {
  /** Base URL of Doppler's API, without a trailing slash, for the operator. */
  dopplerHost: string;
}

/** External Secrets Operator from its Helm chart, with CRDs that outlive it. */
export class ExternalSecretsOperator extends OperatorRelease {
  constructor(name: string, args: ExternalSecretsOperatorArgs, options?: pulumi.ComponentResourceOptions) {
    super(
      "secrets-platform:externalSecrets:ExternalSecretsOperator",
      name,
      EXTERNAL_SECRETS_OPERATOR,
      args,
      withDopplerAddress(mergeValues(productionValues(), args.values), args.dopplerHost),
      options,
    );
  }
}
