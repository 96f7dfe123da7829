import type { Values } from "./definition";

/**
 * Thrown by `create` (or `update`) when something was made before the operation failed. The engine records the
 * resource with its id and outputs, so that nothing is lost: the next `up` calls `update` to finish it, and
 * `destroy` removes it. A resource type that throws this needs an `update`.
 */
export class PartialCreation extends Error {
  override readonly name = "PartialCreation";

  /**
   * @param id what the resource that exists is known by; never empty
   * @param outputs its output properties, as far as they are known
   * @param reason what failed and what to do; the user reads it, so it holds nothing secret
   */
  constructor(
    readonly id: string,
    readonly outputs: Values,
    readonly reason: string,
  ) {
    super(reason);
  }
}
