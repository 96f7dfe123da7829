const WINDOW_MILLISECONDS = 60_000;

/** Addresses that are counted apart; further ones share a count, so that nobody fills the memory. */
const COUNTED_ADDRESSES = 10_000;
const FURTHER_ADDRESSES = "further";

/** Counts wrong tokens by source address, minute by minute. */
export class WrongTokens {
  private readonly counts = new Map<string, number>();
  private windowEnd = 0;

  /** @param limit how many an address may show in a minute */
  constructor(private readonly limit: number) {}

  /** Whether an address has shown too many. */
  isLimited(address: string): boolean {
    if (this.counts.size === 0) return false;
    this.renew();
    return (this.counts.get(this.slot(address)) ?? 0) >= this.limit;
  }

  count(address: string): void {
    this.renew();
    const slot = this.slot(address);
    this.counts.set(slot, (this.counts.get(slot) ?? 0) + 1);
  }

  private slot(address: string): string {
    return this.counts.has(address) || this.counts.size < COUNTED_ADDRESSES ? address : FURTHER_ADDRESSES;
  }

  private renew(): void {
    const now = performance.now();
    if (now < this.windowEnd) return;
    this.counts.clear();
    this.windowEnd = now + WINDOW_MILLISECONDS;
  }
}
