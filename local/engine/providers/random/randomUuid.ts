import { randomUUID } from "node:crypto";

import type { RandomUuidArgs, RandomUuidState } from "@pulumi/random";

import { resourceType } from "../resourceType";

/** https://www.pulumi.com/registry/packages/random/api-docs/randomuuid/ */
export const randomUuid = resourceType<undefined, RandomUuidArgs, RandomUuidState>({
  arguments: { keepers: { type: "map", required: false } },

  create: (_context, { keepers }) => {
    const result = randomUUID();
    return Promise.resolve({ id: result, outputs: { result, keepers } });
  },
});
