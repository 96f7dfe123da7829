/**
 * The description of a mount that a stack made: it tells which one.
 * @param owner full name of the stack, `organization/project/stack`
 */
export function mountDescription(owner: string): string {
  return `Made by secrets-platform (${owner})`;
}
