import { Caller } from "./caller";
import type { Policy } from "./policy";
import { ServiceAccountTokens } from "./serviceAccountTokens";
import type { SourceNetworks } from "./sourceNetworks";
import { digestOf } from "./tokenDigest";
import type { WrongTokens } from "./wrongTokens";

/** Who asks, or why nobody is seen in what was shown. */
export type Judgement = Caller | "token_refused" | "too_many_wrong_tokens";

/** Tells who asks. */
export interface Access {
  /**
   * @param token what the request shows; undefined: nothing
   * @param address where it comes from
   * @throws ReviewFailed (as a rejection) when the apiserver had to be asked and did not answer
   */
  identify(token: string | undefined, address: string): Judgement | Promise<Judgement>;
}

/** Callers of a policy, by their token or their ServiceAccount. */
export class CheckedAccess implements Access {
  /** @param policy the one in force now */
  constructor(
    private readonly policy: () => Policy,
    private readonly wrongTokens: WrongTokens,
    private readonly serviceAccounts: ServiceAccountTokens | undefined,
  ) {}

  identify(token: string | undefined, address: string): Judgement | Promise<Judgement> {
    if (token === undefined) return this.refuse(address);
    const digest = digestOf(token);
    const caller = this.policy().callerOfDigest(digest);
    if (caller !== undefined) return caller;
    const mayBeAccount = this.policy().hasServiceAccounts && ServiceAccountTokens.isPossible(token);
    if (this.serviceAccounts === undefined || !mayBeAccount) return this.refuse(address);
    const known = this.serviceAccounts.known(digest);
    if (known !== undefined) return this.callerOf(known.account, address);
    // The apiserver is not asked for somebody who only guesses.
    if (this.wrongTokens.isLimited(address)) return this.refuse(address);
    return this.serviceAccounts.review(token, digest).then((account) => this.callerOf(account, address));
  }

  private callerOf(account: string | undefined, address: string): Judgement {
    const caller = account === undefined ? undefined : this.policy().callerOfServiceAccount(account);
    return caller ?? this.refuse(address);
  }

  private refuse(address: string): Judgement {
    if (this.wrongTokens.isLimited(address)) return "too_many_wrong_tokens";
    this.wrongTokens.count(address);
    return "token_refused";
  }
}

/** No token is looked at: whoever comes from these networks may read every key. */
export class UncheckedAccess implements Access {
  private readonly caller = new Caller("unchecked", "every");

  constructor(private readonly networks: SourceNetworks) {}

  identify(_token: string | undefined, address: string): Judgement {
    return this.networks.includes(address) ? this.caller : "token_refused";
  }
}
