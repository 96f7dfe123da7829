import type { Values } from "../../../../provider/definition";
import { PartialCreation } from "../../../../provider/errors";
import { messageOf } from "../../../../provider/message";

/**
 * Finishes a creation: whatever fails from here on, the resource is there already, and must not be lost.
 *
 * @param finish what is left to do. @returns what Vault has; undefined when it has nothing
 * @throws PartialCreation
 */
export async function readBack<Args extends Values, State extends object>(
  id: string,
  args: Args,
  finish: () => Promise<State | undefined>,
): Promise<{ id: string; outputs: Args & State }> {
  try {
    const state = await finish();
    if (state) return { id, outputs: { ...args, ...state } };
  } catch (error) {
    throw new PartialCreation(id, args, messageOf(error));
  }
  throw new PartialCreation(id, args, `Vault has no ${id} right after it was made`);
}
