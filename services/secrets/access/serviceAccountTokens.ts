import { reviewToken, type ApiServer } from "./tokenReview";

/** Whose a token is, for how long that is believed. */
interface Verdict {
  /** NAMESPACE/NAME; undefined: nobody's. */
  readonly account: string | undefined;
  /** On the clock of `performance.now`. */
  readonly until: number;
}

/** Verdicts kept at most; the oldest go first. */
const KEPT_VERDICTS = 10_000;

/** A refused token is asked about again after this long at the latest. */
const REFUSED_MILLISECONDS = 10_000;

/** Header, payload and signature of a JSON Web Token. */
const TOKEN_SHAPE = /^[\w-]+\.([\w-]+)\.[\w-]+$/;

/** ServiceAccount tokens, reviewed by the apiserver and remembered for a short time by their digest. */
export class ServiceAccountTokens {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly reviews = new Map<string, Promise<string | undefined>>();

  /**
   * @param audience what a token must have been made for
   * @param cacheMilliseconds how long a good token is believed, though never beyond its own end
   */
  constructor(
    private readonly server: ApiServer,
    private readonly audience: string,
    private readonly cacheMilliseconds: number,
  ) {}

  /** Whether a text could be such a token at all. */
  static isPossible(token: string): boolean {
    return TOKEN_SHAPE.test(token);
  }

  /** What is known of a token without asking; undefined: it must be reviewed. */
  known(digest: string): Verdict | undefined {
    const verdict = this.verdicts.get(digest);
    return verdict !== undefined && performance.now() < verdict.until ? verdict : undefined;
  }

  /** Asks the apiserver, once for all who show the same token at a time. @throws ReviewFailed */
  review(token: string, digest: string): Promise<string | undefined> {
    const running = this.reviews.get(digest);
    if (running !== undefined) return running;
    const review = reviewToken(this.server, token, this.audience)
      .then((account) => {
        this.remember(digest, account, token);
        return account;
      })
      .finally(() => this.reviews.delete(digest));
    this.reviews.set(digest, review);
    return review;
  }

  private remember(digest: string, account: string | undefined, token: string): void {
    const longest = account === undefined ? REFUSED_MILLISECONDS : remainingMilliseconds(token);
    const until = performance.now() + Math.min(this.cacheMilliseconds, longest);
    this.verdicts.delete(digest);
    const oldest = this.verdicts.size < KEPT_VERDICTS ? undefined : this.verdicts.keys().next().value;
    if (oldest !== undefined) this.verdicts.delete(oldest);
    this.verdicts.set(digest, { account, until });
  }
}

/** How long a token that the apiserver found good remains so. */
function remainingMilliseconds(token: string): number {
  try {
    const payload = Buffer.from(TOKEN_SHAPE.exec(token)?.[1] ?? "", "base64url").toString("utf8");
    const { exp } = JSON.parse(payload) as { exp?: unknown };
    return typeof exp === "number" ? exp * 1_000 - Date.now() : Infinity;
  } catch {
    return 0;
  }
}
