import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The part of an apiserver that reviews tokens; a cluster's own is asked in the end-to-end tests. */
export interface ReviewingApiServer {
  readonly address: string;
  /** Accounts by their tokens, with the audience they are for. */
  readonly accounts: Map<string, { account: string; audience: string }>;
  reviews: number;
  isAway: boolean;
  stop(): void;
}

/** Makes a token of a ServiceAccount's form; nobody signed it. @param account NAMESPACE/NAME */
export function accountToken(account: string, secondsLeft = 3_600): string {
  const [namespace, name] = account.split("/");
  const now = Math.floor(Date.now() / 1_000);
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = {
    iat: now,
    exp: now + secondsLeft,
    iss: "https://kubernetes.default.svc",
    sub: `system:serviceaccount:${namespace ?? ""}:${name ?? ""}`,
    "kubernetes.io": { namespace, serviceaccount: { name, uid: `uid-of-${name ?? ""}` } },
  };
  return [
    encode({ alg: "RS256", kid: "made-up" }),
    encode(claims),
    Buffer.from("unsigned").toString("base64url"),
  ].join(".");
}

export async function startReviewingApiServer(): Promise<ReviewingApiServer> {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      state.reviews++;
      if (state.isAway || request.url !== "/apis/authentication.k8s.io/v1/tokenreviews") {
        response.writeHead(503).end();
        return;
      }
      const { spec } = JSON.parse(text) as { spec: { token: string; audiences?: string[] } };
      const known = state.accounts.get(spec.token);
      const isGood = known !== undefined && (spec.audiences?.includes(known.audience) ?? true);
      const [namespace = "", name = ""] = known?.account.split("/") ?? [];
      const status = isGood
        ? {
            authenticated: true,
            audiences: [known.audience],
            user: { username: `system:serviceaccount:${namespace}:${name}`, uid: `uid-of-${name}` },
          }
        : { authenticated: false };
      const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec, status };
      response.writeHead(201, { "content-type": "application/json" }).end(JSON.stringify(review));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const state: ReviewingApiServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accounts: new Map(),
    reviews: 0,
    isAway: false,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return state;
}
