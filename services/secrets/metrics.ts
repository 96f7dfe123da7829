import type { Outcome } from "./outcome";
import type { StoreState } from "./stores/store";

/** Upper bounds of the histogram of durations, in seconds. */
const BOUNDS = [0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];
const MICROSECONDS = 1_000_000;
const BOUNDS_MICROSECONDS = BOUNDS.map((bound) => bound * MICROSECONDS);

/** Counts by caller and outcome, and durations. Keys and values are no part of them. */
export class Metrics {
  private readonly requests = new Map<string, Map<Outcome, number>>();
  private readonly buckets = new Array<number>(BOUNDS.length + 1).fill(0);
  private totalMicroseconds = 0;
  private total = 0;

  /** @param caller name in the policy; empty: nobody was recognised */
  count(caller: string, outcome: Outcome, microseconds: number): void {
    let outcomes = this.requests.get(caller);
    if (outcomes === undefined) {
      outcomes = new Map<Outcome, number>();
      this.requests.set(caller, outcomes);
    }
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    let bucket = 0;
    while (bucket < BOUNDS.length && microseconds > (BOUNDS_MICROSECONDS[bucket] ?? 0)) bucket++;
    this.buckets[bucket] = (this.buckets[bucket] ?? 0) + 1;
    this.totalMicroseconds += microseconds;
    this.total++;
  }

  /** Prometheus' text format, version 0.0.4. */
  text(store: StoreState, droppedLines: number): string {
    const { user, system } = process.cpuUsage();
    return [
      ...metric("secrets_requests_total", "counter", "Requests for a key.", this.requestLines()),
      ...metric(
        "secrets_request_duration_seconds",
        "histogram",
        "From headers to answer.",
        this.durationLines(),
      ),
      ...single("secrets_store_reads_total", "counter", "Reads of the store behind it.", store.reads),
      ...single("secrets_store_read_failures_total", "counter", "Reads that failed.", store.failedReads),
      ...single("secrets_store_stale", "gauge", "1: older values are served.", store.isStale ? 1 : 0),
      ...single("secrets_log_lines_dropped_total", "counter", "Lines that nobody took.", droppedLines),
      ...single("process_resident_memory_bytes", "gauge", "Memory in use.", process.memoryUsage.rss()),
      ...single(
        "process_cpu_seconds_total",
        "counter",
        "Time on processors.",
        (user + system) / MICROSECONDS,
      ),
      "",
    ].join("\n");
  }

  private requestLines(): string[] {
    return [...this.requests].flatMap(([caller, outcomes]) =>
      [...outcomes].map(
        ([outcome, count]) => `secrets_requests_total{caller="${caller}",outcome="${outcome}"} ${count}`,
      ),
    );
  }

  private durationLines(): string[] {
    const name = "secrets_request_duration_seconds";
    let sum = 0;
    const buckets = [...BOUNDS.map(String), "+Inf"].map((bound, index) => {
      sum += this.buckets[index] ?? 0;
      return `${name}_bucket{le="${bound}"} ${sum}`;
    });
    return [
      ...buckets,
      `${name}_sum ${this.totalMicroseconds / MICROSECONDS}`,
      `${name}_count ${this.total}`,
    ];
  }
}

function metric(name: string, type: string, help: string, lines: readonly string[]): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function single(name: string, type: string, help: string, value: number): string[] {
  return metric(name, type, help, [`${name} ${value}`]);
}
