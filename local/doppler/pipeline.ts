import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { keyOf } from "./access/authorization";
import { PLANS, rateLimitHeaders, rateLimitMessage } from "./access/rate-limits";
import { Call } from "./call";
import type { FaultEffect } from "./control/faults";
import type { Emulation } from "./emulation";
import { DopplerError } from "./errors";
import { Parameters } from "./parameters";

/**
 * What every call of the API goes through: its arguments, the faults that are switched on, the rate limits, the
 * token, and in the end the log and the counters.
 *
 * @param closing aborted when the emulator stops, so that slow calls do not hold it up.
 */
export function addPipeline(app: FastifyInstance, emulation: Emulation, closing: AbortSignal): void {
  app.addHook("onRequest", (request, _reply, done) => {
    request.call = new Call(request, emulation);
    done();
  });
  app.addHook("preValidation", async (request, reply) => {
    const { call } = request;
    call.parameters = new Parameters(request.query, request.body);
    call.caller = emulation.tokens.find(keyOf(request.headers.authorization) ?? "");
    const { project, config } = call;
    const path = request.url.split("?")[0] ?? request.url;
    for (const effect of emulation.faults.take({ method: request.method, path, project, config })) {
      if (await applyFault(effect, request, reply, closing)) {
        return reply;
      }
    }
    limitRate(emulation, request, reply);
    emulation.authorization.authenticated(call.caller).lastSeenAt = emulation.now();
  });
  app.addHook("onSend", (request, _reply, _payload, done) => {
    if (request.call.breakAfterEffect) {
      breakConnection(request);
    }
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    request.call.record(String(reply.statusCode));
    done();
  });
  app.addHook("onRequestAbort", (request, done) => {
    request.call.record("aborted");
    done();
  });
}

function limitRate(emulation: Emulation, request: FastifyRequest, reply: FastifyReply): void {
  const { limiter } = emulation;
  const { caller, kind } = request.call;
  if (limiter === undefined) {
    return;
  }
  const token = caller === undefined ? [] : [`token ${caller.slug}`];
  const status = limiter.take([`address ${request.ip}`, ...token], kind);
  reply.headers(rateLimitHeaders(status));
  if (status.exceeded) {
    throw new DopplerError(429, rateLimitMessage(status, limiter.windowSeconds));
  }
}

/** Returns whether the call has ended with this. */
async function applyFault(
  effect: FaultEffect,
  request: FastifyRequest,
  reply: FastifyReply,
  closing: AbortSignal,
): Promise<boolean> {
  const { call } = request;
  switch (effect.kind) {
    case "slow":
      // A stopping emulator ends the wait: the connection is closed then anyway.
      await delay(effect.milliseconds, undefined, { signal: closing }).catch(() => undefined);
      return false;
    case "rate-limit": {
      const { retryAfterSeconds = 1 } = effect;
      reply.header("retry-after", String(retryAfterSeconds));
      const status = { kind: call.kind, limit: PLANS.team[call.kind], retryAfterSeconds };
      throw new DopplerError(429, rateLimitMessage(status, 60));
    }
    case "error": {
      const { status = 500, html = false, retryable } = effect;
      if (html) {
        reply.code(status).type("text/html").send("<html><body>An unexpected error occurred</body></html>");
        return true;
      }
      const data = retryable === undefined ? undefined : { isRetryable: retryable };
      throw new DopplerError(status, "An unexpected error occurred", data);
    }
    case "reset":
      if (effect.afterEffect === true) {
        call.breakAfterEffect = true;
        return false;
      }
      reply.hijack();
      breakConnection(request);
      return true;
  }
}

function breakConnection(request: FastifyRequest): void {
  request.call.record("reset");
  request.raw.socket.resetAndDestroy();
}
