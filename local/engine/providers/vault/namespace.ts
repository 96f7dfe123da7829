import type { CheckFailure } from "../../../../provider/definition";

/** The Enterprise namespace of a resource, which every type of the vendor's provider takes. */
export const NAMESPACE = { type: "string", required: false, replaces: true } as const;

/** Nothing tells a later deletion of such a namespace: it would be looked for in another one. */
export function refuseNamespace({ namespace }: { namespace?: string | undefined }): CheckFailure[] {
  const reason = "the embedded provider has one namespace for all of its resources; write it on the provider";
  return namespace === undefined ? [] : [{ property: "namespace", reason }];
}
