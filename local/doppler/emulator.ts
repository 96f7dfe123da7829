import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Authorization, type MissingProjects } from "./access/authorization";
import { PLANS, RateLimiter, type PlanName, type RateLimits } from "./access/rate-limits";
import { isServiceAccountKey, Tokens } from "./access/tokens";
import type { CallLogEntry } from "./control/call-log";
import { CallCounter, type Counters } from "./control/counters";
import { Faults, type Fault } from "./control/faults";
import { tokenSummary, type TokenSummary } from "./control/token-summary";
import type { Emulation } from "./emulation";
import { readSeed, workplaceOf, type Seed } from "./seed";
import { buildServer } from "./server";
import { changeSecrets } from "./workplace/secret-changes";

/** The example data: project `example` with the configs shared, dev, staging and prd. */
export const DEFAULT_SEED_FILE = join(__dirname, "seed.yaml");

/** How an emulator is started. */
export interface DopplerEmulatorOptions {
  /** The key of the service account token that may do everything: `dp.sa.` and 40 to 44 letters and digits. */
  adminToken: string;
  /** Where to listen. Default: `127.0.0.1`. */
  host?: string;
  /** Default: 0, any free port. */
  port?: number;
  /** What it starts with: data, or a YAML file of the same form. Default: {@link DEFAULT_SEED_FILE}. */
  seed?: Seed | string;
  /** The rate limits of one of Doppler's plans, others, or `none`. Default: `team`. */
  rateLimits?: PlanName | RateLimits | "none";
  /** The window of the rate limits in seconds. Default: 60. */
  rateLimitWindowSeconds?: number;
  /** Whether a config refuses a second service token of the same name. Default: false. Doppler documents neither. */
  uniqueTokenNames?: boolean;
  /** What a project that does not exist is answered with. Default: `not-found`. */
  missingProjects?: MissingProjects;
  /** Takes each call's line of the log. Default: none is written. */
  log?: (entry: CallLogEntry) => void;
  /** The present time. Default: the system's clock. */
  now?: () => Date;
}

/** An emulator that runs in this process. */
export interface DopplerEmulator {
  /** The base URL, without a slash at its end: terraform-provider-doppler appends paths to it. */
  readonly url: string;
  readonly address: string;
  readonly port: number;
  /** Calls since the start or the last reset. */
  counters(): Counters;
  resetCounters(): void;
  /** Switches a fault on, besides those that are on. */
  setFault(fault: Fault): void;
  clearFaults(): void;
  /** Sets a secret as somebody in the dashboard would; null deletes it. Throws when the config does not exist. */
  setSecret(project: string, config: string, name: string, value: string | null): void;
  /** The live service tokens, without their keys. */
  tokens(): TokenSummary[];
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts an emulator of Doppler's API and waits until it listens.
 *
 * @throws when the admin token has the wrong form, the seed is not valid, or the address cannot be listened on.
 */
export async function startDopplerEmulator(options: DopplerEmulatorOptions): Promise<DopplerEmulator> {
  const emulation = emulationOf(options);
  const { workplace, counter, faults, tokens } = emulation;
  const server = buildServer(emulation);
  await server.listen({ host: options.host ?? "127.0.0.1", port: options.port ?? 0 });
  // A server that listens on TCP always has an address of this form.
  const { address, port, family } = server.server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    address,
    port,
    counters: () => counter.snapshot(),
    resetCounters: () => {
      counter.reset();
    },
    setFault: (fault) => {
      faults.set(fault);
    },
    clearFaults: () => {
      faults.clear();
    },
    setSecret: (project, config, name, value) => {
      changeSecrets(workplace.project(project).config(config), [
        { name, value, shouldDelete: value === null },
      ]);
    },
    tokens: () => tokens.all().map(tokenSummary),
    close: () => server.close(),
  };
}

function emulationOf(options: DopplerEmulatorOptions): Emulation {
  const {
    adminToken,
    seed = DEFAULT_SEED_FILE,
    rateLimits = "team",
    rateLimitWindowSeconds = 60,
    uniqueTokenNames = false,
    missingProjects = "not-found",
    log = () => undefined,
    now = () => new Date(),
  } = options;
  if (!isServiceAccountKey(adminToken)) {
    throw new Error(
      "The emulator's admin token must have the form of a service account token: dp.sa. and 40 to 44 letters and digits",
    );
  }
  const limits = typeof rateLimits === "string" && rateLimits !== "none" ? PLANS[rateLimits] : rateLimits;
  const workplace = workplaceOf(typeof seed === "string" ? readSeed(seed) : seed, now());
  return {
    workplace,
    tokens: new Tokens(adminToken, uniqueTokenNames, now),
    authorization: new Authorization(workplace, missingProjects),
    limiter: limits === "none" ? undefined : new RateLimiter(limits, rateLimitWindowSeconds, now),
    faults: new Faults(),
    counter: new CallCounter(),
    log,
    now,
  };
}
