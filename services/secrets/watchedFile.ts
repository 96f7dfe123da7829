import { readFileSync, statSync } from "node:fs";
import type { Log } from "./log";

/** What is watched: a file, or the files of a folder. */
export interface WatchedSource<Content> {
  /** What it is called in the log. */
  readonly path: string;
  /** Another text whenever its content may be another one. */
  identity(): string;
  /** @throws Error whose message shows no value */
  read(): Content;
}

/**
 * The content of a file or a folder, read again whenever it changes. It is looked at in intervals and through symbolic
 * links, so a kubelet's switch of a mounted Secret is seen like any other change. What cannot be read or parsed is
 * said once, and changes nothing: the content of before stays.
 */
export class WatchedFile<Content> {
  private current: Content;
  /** What the file looked like when it was read, or refused. */
  private judged: string;
  /** What it looked like at the last look. */
  private seen: string;
  private readonly timer: NodeJS.Timeout;
  private reads = 0;
  private failedReads = 0;
  private broken = false;

  /**
   * @param intervalMilliseconds how often it is looked at
   * @throws Error when it cannot be read or parsed at the start
   */
  constructor(
    private readonly source: WatchedSource<Content>,
    intervalMilliseconds: number,
    private readonly log: Log,
  ) {
    this.judged = this.seen = source.identity();
    this.current = this.read();
    this.timer = setInterval(() => {
      this.look();
    }, intervalMilliseconds).unref();
  }

  get content(): Content {
    return this.current;
  }

  /** How often it was read; stale: what stands in it now is refused, and older content in use. */
  state(): { reads: number; failedReads: number; isStale: boolean } {
    return { reads: this.reads, failedReads: this.failedReads, isStale: this.broken };
  }

  close(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const identity = this.source.identity();
    const isStill = identity === this.seen;
    this.seen = identity;
    // Somebody may be writing: the file is read when it looks the same twice.
    if (identity === this.judged || !isStill) return;
    this.judged = identity;
    try {
      const content = this.read();
      // It was written to while it was read: the next look decides.
      if (this.source.identity() !== identity) {
        this.judged = "";
        return;
      }
      this.current = content;
      this.broken = false;
      this.log.info("file was read again", { file: this.source.path });
    } catch (error) {
      this.broken = true;
      this.failedReads++;
      this.log.error("file cannot be used: what was read before stays in use", {
        file: this.source.path,
        reason: (error as Error).message,
      });
    }
  }

  private read(): Content {
    const content = this.source.read();
    this.reads++;
    return content;
  }
}

/** One file. @param parse @throws Error whose message shows no value */
export function fileSource<Content>(
  path: string,
  parse: (text: string, file: string) => Content,
): WatchedSource<Content> {
  return { path, identity: () => identityOf(path), read: () => parse(readText(path), path) };
}

/**
 * Text of a file.
 * @param isExact whether a byte order mark at its beginning is a part of it
 * @throws Error that says what is wrong and shows nothing of the content
 */
export function readText(file: string, isExact = false): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: isExact }).decode(readFileSync(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Error(`${file}: there is no such file`);
    if (code === "EACCES") throw new Error(`${file}: the process may not read it`);
    throw new Error(`${file}: it cannot be read as UTF-8 text (${code ?? "no code"})`);
  }
}

/** What changes when a file is replaced, switched or written to. */
export function identityOf(file: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unknown";
  }
}
