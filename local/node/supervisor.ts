import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lastLines, run } from "../process/run";
import type { Instance } from "./instance";
import { inside } from "./namespace";
import { end, identify, isRunning, waitForChild, type ProcessIdentity } from "./processes";
import { untilAnswer } from "./probe";
import { runningRecord, writeRecord } from "./records";
import type { Service, ServiceName } from "./services/service";

/** What became of a service: it ran already, or it was started now. */
export type Outcome = "running" | "started";

export type Outcomes = ReadonlyMap<ServiceName, Outcome>;

/** Starts services inside a node, each after those that it needs, and waits until they work. */
export class Supervisor {
  readonly #instance: Instance;
  readonly #init: ProcessIdentity;
  readonly #path: string;

  /**
   * @param init The first process of the instance's namespaces.
   * @param path PATH of the servers.
   */
  constructor(instance: Instance, init: ProcessIdentity, path: string) {
    this.#instance = instance;
    this.#init = init;
    this.#path = path;
  }

  /** Brings all services up. Throws with the first one that does not work; the others are left as they are. */
  async start(services: readonly Service[]): Promise<Outcomes> {
    const pending = new Map<ServiceName, Promise<Outcome>>();
    const bring = (service: Service): Promise<Outcome> => {
      const known = pending.get(service.name);
      if (known !== undefined) return known;
      const needed = services.filter(({ name }) => service.after.includes(name));
      const outcome = Promise.all(needed.map(bring)).then(() => this.#bring(service));
      pending.set(service.name, outcome);
      return outcome;
    };
    const outcomes = await Promise.all(
      services.map(async (service): Promise<[ServiceName, Outcome]> => [service.name, await bring(service)]),
    );
    return new Map(outcomes);
  }

  async #bring(service: Service): Promise<Outcome> {
    const fingerprint = fingerprintOf(service);
    const running = await runningRecord(this.#instance, service.name);
    if (running?.fingerprint === fingerprint) {
      await this.#untilReady(service, running.process);
      return "running";
    }
    // It was started in another way than now, as after a change of its version: it is started anew.
    if (running !== undefined) await end(running.process, 10_000);
    const process = await this.#spawn(service);
    const since = new Date().toISOString();
    await writeRecord(this.#instance, service.name, { process, since, fingerprint });
    await this.#untilReady(service, process);
    return "started";
  }

  async #spawn(service: Service): Promise<ProcessIdentity> {
    for (const [file, content] of Object.entries(service.files ?? {})) {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await writeFile(file, content, { mode: 0o600 });
    }
    await this.#prepare(service);
    const logFile = logOf(this.#instance, service.name);
    // What it said before it ended the last time is often the reason for this start.
    await rename(logFile, `${logFile}.previous`).catch(() => undefined);
    const log = openSync(logFile, "w", 0o600);
    const [command, ...commandArguments] = inside(this.#init, service.command);
    const child = spawn(command, commandArguments, {
      cwd: "/",
      detached: true,
      env: { ...this.#environment(), ...service.environment },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    child.unref();
    try {
      const outside = child.pid === undefined ? undefined : await identify(child.pid);
      if (outside === undefined) throw new Error("it ended at once");
      return await waitForChild(outside, 10_000);
    } catch (error) {
      throw await this.#failure(service, error instanceof Error ? error.message : String(error));
    }
  }

  async #prepare(service: Service): Promise<void> {
    if (service.prepare === undefined) return;
    const [command, ...commandArguments] = inside(this.#init, service.prepare);
    const { code, stderr } = await run(command, commandArguments, { environment: this.#environment() });
    if (code === 0) return;
    throw new Error(`${service.name} could not be prepared: ${lastLines(stderr, 8)}\n${service.remedy}`);
  }

  /** Servers of the node talk to each other only: no proxy of the person's may come between. */
  #environment(): Record<string, string> {
    return { PATH: this.#path, HOME: this.#instance.folder };
  }

  async #untilReady(service: Service, identity: ProcessIdentity): Promise<void> {
    const stop = new AbortController();
    const answers = untilAnswer(this.#init, service.ready, service.timeout, stop.signal).then((answered) =>
      answered ? undefined : `did not answer within ${service.timeout} s`,
    );
    const ends = untilEnd(identity, stop.signal).then(() => "ended before it answered");
    const problem = await Promise.race([answers, ends]);
    stop.abort();
    await Promise.allSettled([answers, ends]);
    if (problem !== undefined) throw await this.#failure(service, problem);
  }

  async #failure(service: Service, problem: string): Promise<Error> {
    const log = logOf(this.#instance, service.name);
    const said = lastLines(await readFile(log, "utf8").catch(() => ""), 8);
    return new Error(
      `${service.name} ${problem}. Its log is ${log}${said === "" ? ", and is empty" : `, and ends with:\n${said}`}\n` +
        service.remedy,
    );
  }
}

/** Path of the log of a service. */
export function logOf(instance: Instance, name: ServiceName): string {
  return join(instance.logs, `${name}.log`);
}

function fingerprintOf(service: Service): string {
  const { command, environment, files } = service;
  return createHash("sha256").update(JSON.stringify({ command, environment, files })).digest("hex");
}

async function untilEnd(identity: ProcessIdentity, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await isRunning(identity))) await sleep(200);
}
