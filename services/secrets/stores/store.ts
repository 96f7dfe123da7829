/** A value as it is answered, made once when it is read. */
export class StoredValue {
  /** The body of the answer: pure ASCII, so that its length in characters is that in bytes. */
  readonly body: string;
  /** Names and values of its headers, one after the other. */
  readonly headers: readonly string[];

  constructor(value: string) {
    this.body = asciiJson({ value });
    this.headers = [
      "content-type",
      "application/json; charset=utf-8",
      "cache-control",
      "no-store",
      "content-length",
      String(this.body.length),
    ];
  }
}

/** Where values come from. */
export interface Store {
  /**
   * The value of a key, at once where it is at hand; undefined: it is not there.
   * @throws StoreUnavailable (also as a rejection) when it cannot be told
   */
  find(key: string): StoredValue | undefined | Promise<StoredValue | undefined>;
  /** Whether keys can be read now; if not, why, without a value. */
  readiness(): Promise<string | undefined>;
  /** What it did so far, for the metrics. */
  state(): StoreState;
  /** Ends what it does in the background. */
  close(): void;
}

/** What a store tells of itself. */
export interface StoreState {
  /** Files read, or requests sent upstream. */
  readonly reads: number;
  readonly failedReads: number;
  /** Whether older values are served, because newer ones cannot be had. */
  readonly isStale: boolean;
}

/** The store does not answer, and has no value that may still be served. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
}

/** Values of a map, as they are answered. */
export function storedValues(values: ReadonlyMap<string, string>): ReadonlyMap<string, StoredValue> {
  return new Map([...values].map(([key, value]) => [key, new StoredValue(value)]));
}

/** JSON whose characters beyond ASCII are escaped. */
export function asciiJson(document: object): string {
  return JSON.stringify(document).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
