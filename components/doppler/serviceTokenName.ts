/** Names of the service tokens that a stack mints: they tell whose they are when someone reads Doppler's list. */

/** What all names of a stack's tokens begin with. `instance` is random and kept in the stack's state. */
export function serviceTokenPrefix(stack: string, instance: string): string {
  return `secrets-platform-${stack}-${instance}-`;
}

/** The name of a token. Every generation has its own: Doppler does not promise to accept a name twice. */
export function serviceTokenName(prefix: string, generation: number): string {
  return `${prefix}g${generation}`;
}
