import type { FastifyInstance } from "fastify";
import { callOf } from "../call";
import type { Emulation } from "../emulation";

/** `GET /v3/me`: whose token this is. */
export function meRoutes(app: FastifyInstance, { workplace }: Emulation): void {
  app.get("/me", (request) => {
    const { caller } = callOf(request);
    return {
      slug: caller.slug,
      name: caller.name,
      created_at: caller.createdAt,
      last_seen_at: caller.lastSeenAt,
      type: caller.kind === "service-account" ? "service_account" : "service_token",
      token_preview: caller.preview,
      workplace: { slug: workplace.slug, name: workplace.name },
    };
  });
}
