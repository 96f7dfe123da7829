import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** Letters and digits of a token: 256 bits. */
const LENGTH = 43;

/** Arguments of {@link CallerTokens}. */
export interface CallerTokensArgs {
  /** Raised by one for a new token. From 1. */
  generation: number;
}

/** The tokens of one caller: that of its generation, and the one before, which pods that run still show. */
export class CallerTokens extends pulumi.ComponentResource {
  /** The token that is handed out; secret. */
  readonly present: pulumi.Output<string>;
  /** All that are accepted; secret. */
  readonly accepted: pulumi.Output<string>[];

  constructor(name: string, { generation }: CallerTokensArgs, options?: pulumi.ComponentResourceOptions) {
    super("secrets-platform:secretsService:CallerTokens", name, {}, options);

    const token = (number: number): pulumi.Output<string> =>
      new random.RandomPassword(`${name}-${number}`, { length: LENGTH, special: false }, { parent: this })
        .result;
    this.present = token(generation);
    this.accepted = [this.present, ...(generation > 1 ? [token(generation - 1)] : [])];

    this.registerOutputs({});
  }
}
