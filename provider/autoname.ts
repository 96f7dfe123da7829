import { createHash, randomBytes } from "node:crypto";

import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";

const SUFFIX_LENGTH = 7;

/** See `CheckContext.autoname`. The seed of the request makes the name of a deployment step repeatable. */
export function autoname(request: CheckRequest): string | undefined {
  const options = request.getAutonaming();
  if (options?.getMode() === CheckRequest.AutonamingOptions.Mode.DISABLE) {
    return undefined;
  }
  const proposed = options?.getProposedName();
  if (proposed) {
    return proposed;
  }
  const seed = request.getRandomseed_asU8();
  const digest = createHash("sha256").update(seed.length > 0 ? seed : randomBytes(32));
  return `${request.getName()}-${digest.digest("hex").slice(0, SUFFIX_LENGTH)}`;
}
