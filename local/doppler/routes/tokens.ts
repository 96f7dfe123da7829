import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { ACCESS_LEVELS, type ServiceToken } from "../access/tokens";
import { callOf } from "../call";
import type { Emulation } from "../emulation";
import { badRequest } from "../errors";
import { checked } from "./schema";

/** The CLI sends `expire_at` in seconds since 1970; Doppler's OpenAPI document says that it is a date and time. */
const mintSchema = z.object({
  name: z.string().min(1).max(200),
  access: z.enum(ACCESS_LEVELS).nullish(),
  expire_at: z.union([z.int().positive(), z.iso.datetime({ offset: true })]).nullish(),
});

/** `/v3/configs/config/tokens`: list, create and revoke service tokens. */
export function tokenRoutes(app: FastifyInstance, emulation: Emulation): void {
  const { authorization, tokens, now } = emulation;

  app.get("/configs/config/tokens", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    return { tokens: tokens.of(authorization.config(caller, parameters)).map(tokenBody) };
  });

  app.post("/configs/config/tokens", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const config = authorization.config(caller, parameters);
    const { name, access, expire_at: expireAt } = checked(mintSchema, parameters.values);
    const expiresAt =
      typeof expireAt === "number" ? new Date(expireAt * 1000) : expireAt ? new Date(expireAt) : null;
    if (expiresAt !== null && expiresAt <= now()) {
      throw badRequest("'expire_at' must be in the future");
    }
    const { token, key } = tokens.mint(config, { name, access: access ?? "read", expiresAt });
    return { token: { ...tokenBody(token), key } };
  });

  app.delete("/configs/config/tokens/token", (request) => {
    const { caller, parameters } = callOf(request);
    authorization.requireProvisioning(caller);
    const config = authorization.config(caller, parameters);
    const slug = parameters.text("slug");
    tokens.revoke(config, slug === undefined ? { key: parameters.requiredText("token") } : { slug });
    return { success: true };
  });
}

function tokenBody(token: ServiceToken): Record<string, unknown> {
  return {
    name: token.name,
    slug: token.slug,
    project: token.config.project.name,
    environment: token.config.environment.slug,
    config: token.config.name,
    access: token.access,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
  };
}
