/**
 * Compares the secrets service with a bare node:http server and with OpenBao, all in one run on this machine, and says
 * whether it reaches its goals. BENCH_ROUNDS and BENCH_SECONDS change how long it takes (5 rounds of 4 seconds).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";

import { Competitors, processorMicroseconds, residentMegabytes, type Competitor } from "./servers";

const CONNECTIONS = 50;
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const SECONDS = Number(process.env["BENCH_SECONDS"] ?? 4);
const HALF_MILLION = 500_000;

interface Sample {
  readonly perSecond: number;
  readonly microseconds: number;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "service-benchmark-"));
  const competitors = new Competitors(folder);
  try {
    const { bare, tuned, file, cached, bao } = await competitors.start();
    const all = [bare, tuned, file, cached, bao];
    const samples = new Map<Competitor, Sample[]>(all.map((competitor) => [competitor, []]));
    for (const competitor of all) await run(competitor, { duration: 2 });
    for (let round = 0; round < ROUNDS; round++) {
      // Each round begins with another one: what disturbs the machine disturbs all of them.
      for (let turn = 0; turn < all.length; turn++) {
        const competitor = all[(round + turn) % all.length] ?? bare;
        samples.get(competitor)?.push(await sample(competitor));
      }
    }
    const medianOf = (competitor: Competitor, part: keyof Sample): number =>
      median((samples.get(competitor) ?? []).map((taken) => taken[part]));
    print(
      `${ROUNDS} rounds of ${SECONDS} s, ${CONNECTIONS} connections, ${availableParallelism()} cores shared with ` +
        `the client, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? ""}; medians`,
    );
    print("| server | requests/s | of bare | times OpenBao | processor µs/request |");
    print("|---|---|---|---|---|");
    for (const competitor of all) {
      const rate = medianOf(competitor, "perSecond");
      const ofBare = (rate / medianOf(bare, "perSecond")) * 100;
      const timesBao = rate / medianOf(bao, "perSecond");
      print(
        `| ${competitor.name} | ${Math.round(rate)} | ${ofBare.toFixed(0)} % | ${timesBao.toFixed(2)} | ${medianOf(competitor, "microseconds").toFixed(1)} |`,
      );
    }
    const rate = medianOf(file, "perSecond");
    goal(
      "file store, of bare node:http, %",
      (rate / medianOf(bare, "perSecond")) * 100,
      (value) => value >= 90,
      ">= 90",
    );
    goal("file store, times OpenBao", rate / medianOf(bao, "perSecond"), (value) => value >= 1.6, ">= 1.6");
    goal(
      "cached vault read, of file read, %",
      (medianOf(cached, "perSecond") / rate) * 100,
      (value) => value >= 95,
      ">= 95",
    );
    const half = await run(file, { duration: 2 * SECONDS, overallRate: Math.round(rate / 2) });
    goal("p99 at half of the rate, ms", half.latency.p99, (value) => value < 5, "< 5");
    await measureMemory(file);
  } finally {
    await competitors.stop();
    rmSync(folder, { recursive: true });
  }
}

async function sample(competitor: Competitor): Promise<Sample> {
  const before = processorMicroseconds(competitor.pid);
  const { requests } = await run(competitor, { duration: SECONDS });
  const used = processorMicroseconds(competitor.pid) - before;
  return { perSecond: requests.average, microseconds: used / requests.total };
}

async function measureMemory(service: Competitor): Promise<void> {
  await run(service, { amount: HALF_MILLION });
  const first = residentMegabytes(service.pid);
  await run(service, { amount: HALF_MILLION });
  const second = residentMegabytes(service.pid);
  goal("resident after a further million requests, MB", second, (value) => value < 100, "< 100");
  goal("growth over the last half million, MB", second - first, (value) => value < 5, "< 5");
}

/** @throws Error when any answer was not 200 */
async function run(
  { name, url, headers }: Competitor,
  bounds: { duration: number; overallRate?: number } | { amount: number },
): Promise<autocannon.Result> {
  const result = await autocannon({ url, headers, connections: CONNECTIONS, ...bounds });
  if (result.non2xx + result.errors > 0)
    throw new Error(`${name}: ${result.non2xx} refused, ${result.errors} lost`);
  return result;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function goal(subject: string, value: number, isReached: (value: number) => boolean, wanted: string): void {
  print(`${isReached(value) ? "reached" : "MISSED "}  ${subject}: ${value.toFixed(2)} (goal ${wanted})`);
  if (!isReached(value)) process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${(error as Error).message}\n`);
  process.exit(1);
});
