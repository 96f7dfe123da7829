import { randomBytes as bytesOf } from "node:crypto";

import type { RandomBytesArgs, RandomBytesState } from "@pulumi/random";

import { resourceType } from "../resourceType";

/**
 * https://www.pulumi.com/registry/packages/random/api-docs/randombytes/. The vendor's provider uses the bytes
 * themselves as the id, in plain text in the state; this one does not.
 */
export const randomBytes = resourceType<undefined, RandomBytesArgs, RandomBytesState>({
  arguments: {
    length: { type: "number", required: true, minimum: 1 },
    keepers: { type: "map", required: false },
  },
  secretOutputs: ["base64", "hex"],

  create: (_context, { length, keepers }) => {
    const bytes = bytesOf(length);
    const outputs = { length, keepers, base64: bytes.toString("base64"), hex: bytes.toString("hex") };
    return Promise.resolve({ id: "none", outputs });
  },
});
