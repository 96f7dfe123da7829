import assert from "node:assert/strict";

/** What a call is rejected with. */
export function rejectionOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => assert.fail("was no failure"),
    (error: unknown) => error as Error,
  );
}
