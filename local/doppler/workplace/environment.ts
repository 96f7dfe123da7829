import { badRequest } from "../errors";

/** An environment of a project. Its root config has the environment's slug as its name. */
export interface Environment {
  name: string;
  slug: string;
  personalConfigs: boolean;
  readonly createdAt: Date;
}

const SLUG = /^[a-z0-9][a-z0-9_-]{0,59}$/;

/** Throws when Doppler would not take the slug of an environment. */
export function checkEnvironmentSlug(slug: string): void {
  if (!SLUG.test(slug)) {
    throw badRequest(
      `Environment slug '${slug.slice(0, 60)}' is invalid: use lower case letters, digits, underscores and dashes, ` +
        "at most 60 characters",
    );
  }
}
