import fastify, { type FastifyError, type FastifyInstance } from "fastify";
import type { Emulation } from "./emulation";
import { DopplerError, errorBody } from "./errors";
import { addPipeline } from "./pipeline";
import { configRoutes } from "./routes/configs";
import { controlRoutes } from "./routes/control";
import { environmentRoutes } from "./routes/environments";
import { meRoutes } from "./routes/me";
import { projectRoutes } from "./routes/projects";
import { secretRoutes } from "./routes/secrets";
import { tokenRoutes } from "./routes/tokens";

/** A config's 500 KiB of secrets fit in, however they are escaped. */
const BODY_LIMIT_BYTES = 4 * 1024 * 1024;

/** Makes the HTTP server: Doppler's API at `/v3`, the control surface at `/_emulator`. */
export function buildServer(emulation: Emulation): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
  });
  const closing = new AbortController();
  app.addHook("preClose", (done) => {
    closing.abort();
    done();
  });
  takeJsonBodies(app);
  app.setErrorHandler<FastifyError | DopplerError>((error, _request, reply) => {
    if (error instanceof DopplerError) {
      return reply.code(error.status).send(errorBody(error.message, error.data));
    }
    const status = error.statusCode ?? 500;
    if (status < 500) {
      return reply.code(status).send(errorBody(error.message));
    }
    console.error(error);
    return reply.code(500).send(errorBody("The emulator failed: its own log tells why"));
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send(errorBody(`The emulator has no ${request.method} ${pathOf(request.url)}`)),
  );
  app.register(
    (api, _options, done) => {
      addPipeline(api, emulation, closing.signal);
      api.setNotFoundHandler((request, reply) =>
        reply
          .code(404)
          .send(errorBody(`The emulator has no ${request.method} ${pathOf(request.url)} of Doppler's API`)),
      );
      for (const addRoutes of [
        meRoutes,
        projectRoutes,
        environmentRoutes,
        configRoutes,
        tokenRoutes,
        secretRoutes,
      ]) {
        addRoutes(api, emulation);
      }
      done();
    },
    { prefix: "/v3" },
  );
  app.register(
    (control, _options, done) => {
      controlRoutes(control, emulation);
      done();
    },
    { prefix: "/_emulator" },
  );
  return app;
}

/** Doppler's clients declare JSON on calls that have no body too, such as the CLI on DELETE. */
function takeJsonBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>("*", { parseAs: "string" }, (request, body, done) => {
    if (body.trim() === "") {
      done(null, {});
      return;
    }
    // The promise that the type offers is never made: the parser calls back.
    void parseJson(request, body, done);
  });
}

function pathOf(url: string): string {
  return url.split("?")[0] ?? url;
}
