/** What V8 prints when the heap is full. */
const SIGNS = ["<--- Last few GCs --->", "JavaScript heap out of memory"];

const LONGEST_SIGN = Math.max(...SIGNS.map((sign) => sign.length));

/** Reads a process's stderr for signs that it ran out of memory. */
export class OutOfMemoryDetector {
  detected = false;
  readonly advice =
    "It ran out of memory: set `nodeargs: --max-old-space-size=<megabytes>` under runtime.options in Pulumi.yaml";
  #tail = "";

  read(chunk: Buffer): void {
    // A sign may be cut in two by the end of a chunk.
    const text = this.#tail + chunk.toString("latin1");
    this.detected ||= SIGNS.some((sign) => text.includes(sign));
    this.#tail = text.slice(-LONGEST_SIGN);
  }
}
