import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Log } from "./log";
import type { Metrics } from "./metrics";
import description from "./openapi.json";
import { refusals, type RefusalCode } from "./outcome";
import { SECRET_PATH, type SecretEndpoint } from "./secretEndpoint";
import type { Store } from "./stores/store";

/** Room for a ServiceAccount's token, and little more. */
const LARGEST_HEADERS_BYTES = 8 * 1024;
const LONGEST_URL = 1024;
/** No request of this service has a body. */
const LARGEST_BODY_BYTES = 1024;
const HEADERS_TIMEOUT_MILLISECONDS = 5_000;
const REQUEST_TIMEOUT_MILLISECONDS = 10_000;
/** Longer than the usual minute of clients, so that it is they who close. */
const KEEP_ALIVE_MILLISECONDS = 65_000;
const MOST_CONNECTIONS = 10_000;

/** What the server answers with. */
interface Parts {
  readonly endpoint: SecretEndpoint;
  readonly store: Store;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whether it is on its way to its end. */
  readonly isEnding: () => boolean;
}

/**
 * The HTTP server. Requests for values do not pass Fastify's router, which costs some microseconds: they are
 * recognised in front of it. Whatever else there is, Fastify answers.
 */
export function buildServer(parts: Parts): FastifyInstance {
  const app = fastify({
    bodyLimit: LARGEST_BODY_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    frameworkErrors: (_error, _request, reply: FastifyReply) => {
      void refuse(reply, "bad_request");
    },
    clientErrorHandler: (error, socket) => {
      const { code = "", rawPacket } = error as Error as NodeJS.ErrnoException & { rawPacket?: Buffer };
      const isHead = rawPacket?.subarray(0, HEAD.length).equals(HEAD) ?? false;
      if (socket.writable) socket.end(rawAnswer(CLIENT_ERRORS[code] ?? "bad_request", isHead));
      else socket.destroy();
    },
    serverFactory: (handler) => serverOf(parts.endpoint, handler),
  });
  app.removeAllContentTypeParsers();
  // A body is of no interest, but is read to its end within the limit, so that the connection goes on.
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, _body, done) => {
    done(null);
  });
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, request.url.split("?", 1)[0] === SECRET_PATH ? "method_refused" : "path_unknown"),
  );
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const isTheirs = (error.statusCode ?? 500) < 500;
    if (!isTheirs) parts.log.error("a request could not be answered", { reason: error.message });
    return refuse(reply, isTheirs ? "bad_request" : "internal_error");
  });
  addOwnPaths(app, parts);
  return app;
}

function serverOf(
  endpoint: SecretEndpoint,
  handler: (incoming: IncomingMessage, response: ServerResponse) => void,
): ReturnType<typeof createServer> {
  const server = createServer(
    {
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      connectionsCheckingInterval: HEADERS_TIMEOUT_MILLISECONDS,
      // A request without a body needs no stream for one.
      optimizeEmptyRequests: true,
    },
    (incoming, response) => {
      const { url = "", method } = incoming;
      if (url.length > LONGEST_URL) answerRaw(response, "url_too_long");
      else if (method === "GET" && isSecretUrl(url)) endpoint.answer(incoming, response);
      else handler(incoming, response);
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  return server;
}

function isSecretUrl(url: string): boolean {
  return (
    url.startsWith(SECRET_PATH) && (url.length === SECRET_PATH.length || url[SECRET_PATH.length] === "?")
  );
}

function addOwnPaths(app: FastifyInstance, { store, log, metrics, isEnding }: Parts): void {
  app.addHook("onRequest", (_request, reply, done) => {
    reply.header("cache-control", "no-store");
    if (isEnding()) reply.header("connection", "close");
    done();
  });
  app.get("/healthz", () => ({ status: "alive" }));
  app.get("/readyz", async (_request, reply) => {
    const reason = isEnding() ? "it is ending" : await store.readiness();
    if (reason === undefined) return { status: "ready" };
    log.warn("not ready", { reason });
    return refuse(reply, "not_ready");
  });
  app.get("/metrics", (_request, reply) =>
    reply
      .type("text/plain; version=0.0.4; charset=utf-8")
      .send(metrics.text(store.state(), log.droppedLines)),
  );
  app.get("/openapi.json", () => description);
}

/** How a request begins whose answer has no body. */
const HEAD = Buffer.from("HEAD ");

/** Codes of Node's HTTP parser. */
const CLIENT_ERRORS: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: "headers_too_large",
  ERR_HTTP_REQUEST_TIMEOUT: "request_timeout",
};

function refuse(reply: FastifyReply, code: RefusalCode): FastifyReply {
  const { status, headers, body } = refusals[code];
  for (let index = 0; index < headers.length; index += 2)
    reply.header(headers[index] ?? "", headers[index + 1]);
  return reply.code(status).send(body);
}

function answerRaw(response: ServerResponse, code: RefusalCode): void {
  const { status, headers, body } = refusals[code];
  response.writeHead(status, headers as string[]);
  response.end(body);
}

/** An answer for a connection whose request could not be read. */
function rawAnswer(code: RefusalCode, isHead: boolean): string {
  const { status, headers, body } = refusals[code];
  const lines = headers.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${headers[index + 1] ?? ""}`] : [],
  );
  return [`HTTP/1.1 ${status} ${code}`, ...lines, "connection: close", "", isHead ? "" : body].join("\r\n");
}
