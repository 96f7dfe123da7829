import { newServiceAccountKey } from "../../../local/doppler/access/tokens";
import type { CallLogEntry } from "../../../local/doppler/control/call-log";
import {
  startDopplerEmulator,
  type DopplerEmulator,
  type DopplerEmulatorOptions,
} from "../../../local/doppler/emulator";
import { Api } from "./api";

/** An emulator for one test file or suite, with what tests ask of it. */
export interface Emulated {
  emulator: DopplerEmulator;
  adminToken: string;
  /** Calls with the admin token. */
  admin: Api;
  /** Calls with any other token, or none. */
  as(token: string | undefined): Api;
  /** Mints a service token of project `example`. */
  mint(config: string, access?: "read" | "read/write"): Promise<{ slug: string; key: string }>;
  /** Every line that was logged. */
  log: CallLogEntry[];
}

/** Starts an emulator with the example data and a fresh admin token. */
export async function startEmulated(options: Partial<DopplerEmulatorOptions> = {}): Promise<Emulated> {
  const adminToken = newServiceAccountKey();
  const log: CallLogEntry[] = [];
  const emulator = await startDopplerEmulator({
    adminToken,
    rateLimits: "none",
    log: (entry) => log.push(entry),
    ...options,
  });
  const as = (token: string | undefined): Api => new Api(emulator.url, token);
  const admin = as(adminToken);
  return {
    emulator,
    adminToken,
    admin,
    as,
    log,
    mint: async (config, access = "read") => {
      const answer = await admin.post("/v3/configs/config/tokens", {
        project: "example",
        config,
        name: "test",
        access,
      });
      return (answer.json as { token: { slug: string; key: string } }).token;
    },
  };
}
