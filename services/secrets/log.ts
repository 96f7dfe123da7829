import { LineOutput } from "./lineOutput";
import { asciiJson } from "./stores/store";

/** How much the service tells besides its audit lines. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts of a line. Nothing that was read from a store, and no token, is ever one of them. */
type Facts = Readonly<Record<string, string | number | boolean>>;

/** JSON lines on one file descriptor: the service's own messages and the audit. */
export class Log {
  private readonly output: LineOutput;
  private readonly level: number;
  private time = 0;
  private timeText = "";

  /** @param descriptor Default: standard output */
  constructor(level: LogLevel, descriptor = 1) {
    this.level = LOG_LEVELS.indexOf(level);
    this.output = new LineOutput(descriptor);
  }

  /** Lines that nobody took. */
  get droppedLines(): number {
    return this.output.droppedLines;
  }

  error(message: string, facts: Facts = {}): void {
    this.message("error", message, facts);
  }

  warn(message: string, facts: Facts = {}): void {
    this.message("warn", message, facts);
  }

  info(message: string, facts: Facts = {}): void {
    this.message("info", message, facts);
  }

  debug(message: string, facts: Facts = {}): void {
    this.message("debug", message, facts);
  }

  /** One line of the audit; written at every level. @param fields JSON of its fields without the braces */
  audit(fields: string): void {
    this.output.write(`{"time":"${this.now()}","kind":"audit",${fields}}\n`);
  }

  /** Writes out what is collected, before the process ends. */
  close(): void {
    this.output.close();
  }

  private message(level: LogLevel, message: string, facts: Facts): void {
    if (LOG_LEVELS.indexOf(level) > this.level) return;
    this.output.write(`${asciiJson({ time: this.now(), kind: "log", level, message, ...facts })}\n`);
    if (level === "error" || level === "warn") this.output.flush();
  }

  /** RFC 3339, made once a millisecond. */
  private now(): string {
    const now = Date.now();
    if (now !== this.time) {
      this.time = now;
      this.timeText = new Date(now).toISOString();
    }
    return this.timeText;
  }
}
