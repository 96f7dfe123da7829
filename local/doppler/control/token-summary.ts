import type { Access, ServiceToken } from "../access/tokens";

/** A live service token, without its key. */
export interface TokenSummary {
  slug: string;
  name: string;
  project: string;
  config: string;
  access: Access;
  createdAt: string;
  expiresAt: string | null;
  lastSeenAt: string | null;
}

/** What may be told of a service token. */
export function tokenSummary(token: ServiceToken): TokenSummary {
  return {
    slug: token.slug,
    name: token.name,
    project: token.config.project.name,
    config: token.config.name,
    access: token.access,
    createdAt: token.createdAt.toISOString(),
    expiresAt: token.expiresAt?.toISOString() ?? null,
    lastSeenAt: token.lastSeenAt?.toISOString() ?? null,
  };
}
