import { z } from "zod";
import type { Location } from "./location";
import { NAMES, nameSchema } from "./names";
import { readObject } from "./reading";

/** Credentials of a container registry, taken from two secrets of the Doppler config. */
export interface RegistryDeclaration {
  /** The registry's address as Docker's configuration names it. Default: Docker Hub, `https://index.docker.io/v1/`. */
  readonly server: string;
  /** Doppler secret that holds the user name. */
  readonly usernameKey: string;
  /** Doppler secret that holds the password or access token. */
  readonly passwordKey: string;
}

const DOCKER_HUB = "https://index.docker.io/v1/";

const registrySchema = z.object({
  server: z
    .string({ error: "the registry's address" })
    .regex(/^(?:https?:\/\/)?[A-Za-z0-9][-.A-Za-z0-9]*(?::\d{1,5})?(?:\/[-._/A-Za-z0-9]*)?$/, {
      error: `the registry's address, such as ghcr.io; without it, Docker Hub (${DOCKER_HUB})`,
    })
    .default(DOCKER_HUB),
  username: nameSchema(
    NAMES.dopplerSecret,
    "the name in Doppler of the user name, such as DOCKERHUB_USERNAME",
  ),
  password: nameSchema(
    NAMES.dopplerSecret,
    "the name in Doppler of the access token, such as DOCKERHUB_TOKEN",
  ),
});

/** Reads `registry` of a Secret. */
export function readRegistry(value: unknown, location: Location): RegistryDeclaration | undefined {
  if (value === undefined) return undefined;
  const { server, username, password } = readObject(registrySchema, value, location).fields;
  if (server === undefined || username === undefined || password === undefined) return undefined;
  return { server, usernameKey: username, passwordKey: password };
}
