import type { RandomStringArgs, RandomStringState } from "@pulumi/random";

import { resourceType } from "../resourceType";
import { characterArguments, characterFailures, digitsWanted, randomCharacters } from "./characters";

/** https://www.pulumi.com/registry/packages/random/api-docs/randomstring/ */
export const randomString = resourceType<undefined, RandomStringArgs, RandomStringState>({
  arguments: characterArguments,
  derive: digitsWanted,
  check: characterFailures,

  create: (_context, args) => {
    const result = randomCharacters(args);
    return Promise.resolve({ id: result, outputs: { ...args, result } });
  },
});
