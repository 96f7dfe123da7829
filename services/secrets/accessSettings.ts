import type { ApiServer } from "./access/tokenReview";
import { SourceNetworks } from "./access/sourceNetworks";
import type { EnvironmentReading } from "./environmentReading";
import { kindOf } from "./mistakes";

/** Where a pod finds its ServiceAccount. */
const ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Shorter tokens could be guessed. */
const SHORTEST_TOKEN = 16;

/** Who may ask. */
export type AccessSettings =
  | { readonly kind: "unchecked"; readonly networks: SourceNetworks }
  | {
      readonly kind: "token";
      /** One token that reads every key. */
      readonly token: string;
      readonly wrongTokensPerMinute: number;
    }
  | {
      readonly kind: "policy";
      readonly file: string;
      readonly wrongTokensPerMinute: number;
      /** Undefined: ServiceAccount tokens are not looked at. */
      readonly review: TokenReviewSettings | undefined;
    };

/** How ServiceAccount tokens are judged. */
interface TokenReviewSettings {
  readonly server: ApiServer;
  readonly audience: string;
  readonly cacheMilliseconds: number;
}

/** Reads who may ask; exactly one way must be chosen. */
export function readAccess(reading: EnvironmentReading): AccessSettings {
  const file = reading.optional("POLICY_FILE");
  const token = reading.optional("INTERNAL_TOKEN");
  const check = reading.choice("TOKEN_CHECK", ["on", "off"], "on");
  const wrongTokensPerMinute = reading.number("WRONG_TOKENS_PER_MINUTE", {
    least: 1,
    most: 1_000_000,
    usual: 60,
    unit: "tokens of one address",
  });
  const networks = readNetworks(reading);
  const review = readReview(reading);
  if (check === "off") {
    if (file !== undefined || token !== undefined) {
      reading.refuse("TOKEN_CHECK", "off, beside POLICY_FILE or INTERNAL_TOKEN", "on, or neither of them");
    }
    return { kind: "unchecked", networks };
  }
  if (reading.optional("TRUSTED_NETWORKS") !== undefined) {
    reading.refuse(
      "TRUSTED_NETWORKS",
      "networks, while tokens are checked",
      "nothing, or TOKEN_CHECK=off as well",
    );
  }
  if (file !== undefined && token !== undefined) {
    reading.refuse(
      "INTERNAL_TOKEN",
      "a token, beside POLICY_FILE",
      "one of the two: the policy has its own tokens",
    );
  }
  if (file !== undefined) return { kind: "policy", file, wrongTokensPerMinute, review };
  if (review !== undefined)
    reading.refuse("POLICY_FILE", "nothing, beside TOKEN_REVIEW_AUDIENCE", "a policy file");
  return { kind: "token", token: checkedToken(reading, token), wrongTokensPerMinute };
}

function checkedToken(reading: EnvironmentReading, token: string | undefined): string {
  if (token === undefined) {
    reading.refuse("POLICY_FILE", "nothing", "a policy file; or set INTERNAL_TOKEN, which reads every key");
  } else if (token.length < SHORTEST_TOKEN || !/^[\x21-\x7e]+$/.test(token)) {
    reading.refuse(
      "INTERNAL_TOKEN",
      kindOf(token),
      `at least ${SHORTEST_TOKEN} random letters, digits and signs, from openssl rand -hex 32`,
    );
  }
  return token ?? "";
}

function readNetworks(reading: EnvironmentReading): SourceNetworks {
  const listed = reading.list("TRUSTED_NETWORKS");
  try {
    return new SourceNetworks(listed.length > 0 ? listed : ["127.0.0.0/8", "::1/128"]);
  } catch {
    reading.refuse(
      "TRUSTED_NETWORKS",
      "what is no network",
      "networks with commas, such as 10.0.0.0/8,::1/128",
    );
    return new SourceNetworks([]);
  }
}

function readReview(reading: EnvironmentReading): TokenReviewSettings | undefined {
  const cacheMilliseconds = reading.milliseconds("TOKEN_REVIEW_CACHE_SECONDS", {
    least: 0,
    most: 600,
    usual: 60,
  });
  const audience = reading.optional("TOKEN_REVIEW_AUDIENCE");
  if (audience === undefined) return undefined;
  const host = reading.optional("KUBERNETES_SERVICE_HOST");
  const port = reading.text("KUBERNETES_SERVICE_PORT", "443");
  const given = reading.optional("KUBERNETES_API");
  if (given === undefined && host === undefined) {
    reading.refuse("KUBERNETES_API", "nothing, and this is no pod", "the apiserver's URL");
  } else if (given !== undefined && !isHttpUrl(given)) {
    reading.refuse("KUBERNETES_API", kindOf(given), "a URL, such as https://kubernetes.default.svc");
  }
  const own = host?.includes(":") ? `[${host}]` : host;
  return {
    server: {
      address: given?.replace(/\/+$/, "") ?? `https://${own ?? ""}:${port}`,
      caFile:
        reading.optional("KUBERNETES_CA_FILE") ??
        (given === undefined ? `${ACCOUNT_FOLDER}/ca.crt` : undefined),
      tokenFile: reading.text("KUBERNETES_TOKEN_FILE", `${ACCOUNT_FOLDER}/token`),
    },
    audience,
    cacheMilliseconds,
  };
}

/** Whether a text is the address of an HTTP server. */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
