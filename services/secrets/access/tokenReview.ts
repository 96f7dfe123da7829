import * as http from "node:http";
import * as https from "node:https";
import { readText } from "../watchedFile";

/** How the apiserver is reached. */
export interface ApiServer {
  /** Base URL without a trailing slash. */
  readonly address: string;
  /** PEM file of its authority; undefined: the usual ones. */
  readonly caFile: string | undefined;
  /** File of this service's own token, read anew for each call: a kubelet replaces it. */
  readonly tokenFile: string;
}

/** The apiserver could not say. */
export class ReviewFailed extends Error {
  override readonly name = "ReviewFailed";
}

const TIMEOUT_MILLISECONDS = 3_000;
const LONGEST_ANSWER_BYTES = 64 * 1024;
const USER_PREFIX = "system:serviceaccount:";

/** What the apiserver says of a token, as far as it is needed. */
interface Review {
  status?: {
    authenticated?: boolean;
    audiences?: readonly string[];
    user?: { username?: string };
  };
}

/**
 * Asks the apiserver whose token one is.
 * @returns NAMESPACE/NAME of the ServiceAccount; undefined: the token is not good for this audience
 * @throws ReviewFailed
 */
export async function reviewToken(
  server: ApiServer,
  token: string,
  audience: string,
): Promise<string | undefined> {
  const { status } = await post(server, "/apis/authentication.k8s.io/v1/tokenreviews", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenReview",
    spec: { token, audiences: [audience] },
  });
  const user = status?.user?.username ?? "";
  if (status?.authenticated !== true || !user.startsWith(USER_PREFIX)) return undefined;
  // A server that knows nothing of audiences would leave them out.
  if (!status.audiences?.includes(audience)) return undefined;
  return user.slice(USER_PREFIX.length).replace(":", "/");
}

function post(server: ApiServer, path: string, body: object): Promise<Review> {
  const url = new URL(server.address + path);
  const content = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => {
      reject(new ReviewFailed(`the apiserver did not review a token: ${reason}`));
    };
    const request = (url.protocol === "http:" ? http : https).request(
      url,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${readText(server.tokenFile).trim()}`,
          "content-type": "application/json",
          accept: "application/json",
          "content-length": Buffer.byteLength(content),
        },
        ...(server.caFile === undefined ? {} : { ca: readText(server.caFile) }),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
          if (text.length > LONGEST_ANSWER_BYTES) request.destroy(new Error("its answer is too long"));
        });
        response.on("error", (error) => {
          fail(error.name);
        });
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          if (status < 200 || status > 299) {
            fail(`HTTP ${status}`);
            return;
          }
          try {
            resolve(JSON.parse(text) as Review);
          } catch {
            fail("its answer is no JSON");
          }
        });
      },
    );
    request.on("error", (error: NodeJS.ErrnoException) => {
      fail(error.code ?? error.name);
    });
    request.end(content);
  });
}
