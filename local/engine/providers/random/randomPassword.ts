import type { RandomPasswordArgs, RandomPasswordState } from "@pulumi/random";

import { resourceType } from "../resourceType";
import { characterArguments, characterFailures, digitsWanted, randomCharacters } from "./characters";

/**
 * https://www.pulumi.com/registry/packages/random/api-docs/randompassword/, without the output `bcryptHash`: Node
 * has no bcrypt.
 */
export const randomPassword = resourceType<undefined, RandomPasswordArgs, RandomPasswordState>({
  arguments: characterArguments,
  derive: digitsWanted,
  check: characterFailures,
  secretOutputs: ["result"],

  // A password is not its resource's id: ids are shown.
  create: (_context, args) =>
    Promise.resolve({ id: "none", outputs: { ...args, result: randomCharacters(args) } }),
});
