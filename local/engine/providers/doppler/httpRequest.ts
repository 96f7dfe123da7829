import * as http from "node:http";
import * as https from "node:https";

/** An HTTP request with a JSON body. */
export interface HttpRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** Whether the certificate of an https server is verified. */
  verifyTls: boolean;
  timeoutMilliseconds: number;
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** There was no answer in time. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * Sends one request. Node's own modules are used because its `fetch` cannot skip the verification of one server's
 * certificate, and takes longer to load.
 *
 * @throws {@link TimeoutError}, the signal's reason, or the error of the connection
 */
export function sendRequest(request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { url, method, signal } = request;
    const body = Buffer.from(request.body ?? "");
    // Without a length, Node sends the body of a DELETE in a way that no server can read.
    const headers = { ...request.headers, ...(body.length > 0 && { "content-length": body.length }) };
    const options = { method, headers, agent: false, ...(signal && { signal }) };
    const receive = (incoming: http.IncomingMessage): void => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", fail);
      incoming.once("end", () => {
        clearTimeout(timer);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    };
    const outgoing =
      url.protocol === "https:"
        ? https.request(
            url,
            { ...options, rejectUnauthorized: request.verifyTls, minVersion: "TLSv1.2" },
            receive,
          )
        : http.request(url, options, receive);
    const timer = setTimeout(() => {
      outgoing.destroy(new TimeoutError(`no answer within ${request.timeoutMilliseconds / 1000} seconds`));
    }, request.timeoutMilliseconds);
    function fail(error: Error): void {
      clearTimeout(timer);
      reject(signal?.aborted === true && signal.reason instanceof Error ? signal.reason : error);
    }
    outgoing.once("error", fail);
    outgoing.end(body);
  });
}
