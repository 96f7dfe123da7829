/** Shows what a command is doing, step by step, with the time that each takes. Steps may run side by side. */
export interface Progress {
  /**
   * Runs a step and shows it.
   *
   * @param title What is done, such as `start the node`.
   * @param describe What became of it, shown at its end; undefined when it is not worth a line. Default: the time.
   */
  step<Result>(
    title: string,
    work: () => Promise<Result>,
    describe?: (result: Result) => string | undefined,
  ): Promise<Result>;
}

interface RunningStep {
  title: string;
  start: number;
}

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const REPAINT = 120;
const REMINDER = 30_000;
const GREEN = "\u001b[32m";
const RED = "\u001b[31m";
const PLAIN = "\u001b[0m";

const FAILED: unique symbol = Symbol("failed");

/** Shows steps on a stream: with a live line on a terminal, as plain lines elsewhere. */
export class StreamProgress implements Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #running = new Set<RunningStep>();
  readonly #live: boolean;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#live = stream.isTTY;
  }

  async step<Result>(
    title: string,
    work: () => Promise<Result>,
    describe?: (result: Result) => string | undefined,
  ): Promise<Result> {
    const step = { title, start: performance.now() };
    this.#begin(step);
    try {
      const result = await work();
      this.#finish(step, describe === undefined ? "" : describe(result));
      return result;
    } catch (error) {
      this.#finish(step, FAILED);
      throw error;
    }
  }

  #begin(step: RunningStep): void {
    this.#running.add(step);
    // On a terminal the live line moves; elsewhere, as in the log of a CI job, a line now and then shows life.
    this.#timer ??= setInterval(
      () => {
        if (this.#live) this.#paint();
        else
          for (const { title, start } of this.#running)
            this.#line(`  ... ${title} (${seconds(start)} so far)`);
      },
      this.#live ? REPAINT : REMINDER,
    );
    this.#timer.unref();
  }

  #finish(step: RunningStep, outcome: string | typeof FAILED | undefined): void {
    this.#running.delete(step);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    if (outcome === undefined) {
      if (this.#live) this.#stream.write("\r\u001b[2K");
    } else {
      const sign = outcome === FAILED ? this.#coloured(RED, "✗") : this.#coloured(GREEN, "✓");
      const detail = outcome === FAILED || outcome === "" ? "" : `: ${outcome}`;
      this.#line(`${sign} ${seconds(step.start).padStart(8)}  ${step.title}${detail}`);
    }
    if (this.#live && this.#running.size > 0) this.#paint();
  }

  #line(text: string): void {
    this.#stream.write(this.#live ? `\r\u001b[2K${text}\n` : `${text}\n`);
  }

  #paint(): void {
    this.#frame += 1;
    const frame = FRAMES[this.#frame % FRAMES.length] ?? "";
    const steps = [...this.#running].map(({ title, start }) => `${title} ${seconds(start)}`).join(" · ");
    this.#stream.write(`\r\u001b[2K${`${frame} ${steps}`.slice(0, this.#stream.columns - 1)}`);
  }

  #coloured(colour: string, text: string): string {
    const plain = !this.#live || (process.env.NO_COLOR ?? "") !== "";
    return plain ? text : `${colour}${text}${PLAIN}`;
  }
}

function seconds(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
