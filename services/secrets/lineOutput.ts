import { write, writeSync } from "node:fs";

/** Lines are collected up to this many bytes, or this long. */
const CHUNK_BYTES = 64 * 1024;
const COLLECTED_MILLISECONDS = 100;

/** More chunks than these (16 MB) are not kept when nobody takes them. */
const MOST_CHUNKS = 256;

/** A pipe that is full is tried again after this long; at the end so many times. */
const FULL_MILLISECONDS = 10;
const LAST_TRIES = 100;

/** Bytes of whole lines. */
interface Chunk {
  readonly bytes: Buffer;
  length: number;
  lines: number;
}

/**
 * Lines on a file descriptor, many at a time and without making anybody wait. What nobody takes is dropped and
 * counted. sonic-boom took some twelve microseconds a request.
 */
export class LineOutput {
  private chunk = newChunk();
  /** A chunk that was written, to be filled again. */
  private spare: Chunk | undefined;
  private readonly queue: Chunk[] = [];
  private isWriting = false;
  private timer: NodeJS.Timeout | undefined;
  private dropped = 0;

  constructor(private readonly descriptor: number) {}

  /** Lines that were dropped so far. */
  get droppedLines(): number {
    return this.dropped;
  }

  /** @param line ASCII, with its line feed */
  write(line: string): void {
    if (this.chunk.length + line.length > CHUNK_BYTES) this.flush();
    this.chunk.length += this.chunk.bytes.write(line, this.chunk.length, "latin1");
    this.chunk.lines++;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.flush();
    }, COLLECTED_MILLISECONDS).unref();
  }

  /** Hands on what is collected. */
  flush(): void {
    if (this.chunk.length === 0) return;
    if (this.queue.length < MOST_CHUNKS) {
      this.queue.push(this.chunk);
      this.chunk = this.spare ?? newChunk();
      this.spare = undefined;
      this.writeNext();
    } else {
      this.dropped += this.chunk.lines;
      this.chunk.length = 0;
      this.chunk.lines = 0;
    }
  }

  /** Writes what is left before the process ends; a reader that takes nothing is waited for, but not for long. */
  close(): void {
    clearTimeout(this.timer);
    // A write that is under way may repeat a chunk: better twice than never.
    for (const chunk of [...this.queue.splice(0), this.chunk]) this.writeWhole(chunk);
    this.chunk = newChunk();
  }

  private writeNext(): void {
    if (this.isWriting || this.queue.length === 0) return;
    this.isWriting = true;
    this.writeFirst(0);
  }

  private writeFirst(offset: number): void {
    const [chunk] = this.queue;
    // It was closed in the meantime.
    if (chunk === undefined) return;
    write(this.descriptor, chunk.bytes, offset, chunk.length - offset, null, (error, written) => {
      if (error?.code === "EAGAIN") {
        setTimeout(() => {
          this.writeFirst(offset);
        }, FULL_MILLISECONDS);
      } else if (error === null && offset + written < chunk.length) {
        this.writeFirst(offset + written);
      } else {
        if (error !== null) this.dropped += chunk.lines;
        this.queue.shift();
        chunk.length = 0;
        chunk.lines = 0;
        this.spare = chunk;
        this.isWriting = false;
        this.writeNext();
      }
    });
  }

  private writeWhole(chunk: Chunk): void {
    let offset = 0;
    for (let tries = 0; offset < chunk.length && tries < LAST_TRIES; tries++) {
      try {
        offset += writeSync(this.descriptor, chunk.bytes, offset, chunk.length - offset);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") break;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_MILLISECONDS);
      }
    }
    if (offset < chunk.length) this.dropped += chunk.lines;
  }
}

function newChunk(): Chunk {
  return { bytes: Buffer.allocUnsafeSlow(CHUNK_BYTES), length: 0, lines: 0 };
}
