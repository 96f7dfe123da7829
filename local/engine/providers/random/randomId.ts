import { randomBytes } from "node:crypto";

import type { RandomIdArgs, RandomIdState } from "@pulumi/random";

import { resourceType } from "../resourceType";

/** https://www.pulumi.com/registry/packages/random/api-docs/randomid/ */
export const randomId = resourceType<undefined, RandomIdArgs, RandomIdState>({
  arguments: {
    byteLength: { type: "number", required: true, minimum: 1 },
    prefix: { type: "string", required: false },
    keepers: { type: "map", required: false },
  },

  create: (_context, { byteLength, prefix = "", keepers }) => {
    const bytes = randomBytes(byteLength);
    const id = bytes.toString("base64url");
    return Promise.resolve({
      id,
      outputs: {
        byteLength,
        keepers,
        prefix: prefix === "" ? undefined : prefix,
        b64Url: prefix + id,
        b64Std: prefix + bytes.toString("base64"),
        hex: prefix + bytes.toString("hex"),
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
      },
    });
  },
});
