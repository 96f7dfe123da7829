/** Who asks, and what it may read. */
export class Caller {
  private readonly names: ReadonlySet<string>;
  private readonly prefixes: readonly string[];

  /**
   * @param name as the policy has it
   * @param keys exact names, and prefixes with a `*` at their end; "every": whatever the store has
   */
  constructor(
    readonly name: string,
    private readonly keys: readonly string[] | "every",
  ) {
    const listed = keys === "every" ? [] : keys;
    this.names = new Set(listed.filter((key) => !key.endsWith("*")));
    this.prefixes = listed.filter((key) => key.endsWith("*")).map((key) => key.slice(0, -1));
  }

  mayRead(key: string): boolean {
    return (
      this.names.has(key) ||
      this.keys === "every" ||
      (this.prefixes.length > 0 && this.prefixes.some((prefix) => key.startsWith(prefix)))
    );
  }
}
