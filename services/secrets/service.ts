import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { CheckedAccess, UncheckedAccess, type Access } from "./access/access";
import { parsePolicy, policyOfOneToken, type Policy } from "./access/policy";
import { ServiceAccountTokens } from "./access/serviceAccountTokens";
import { WrongTokens } from "./access/wrongTokens";
import type { AccessSettings } from "./accessSettings";
import { Log } from "./log";
import { Metrics } from "./metrics";
import { SecretEndpoint } from "./secretEndpoint";
import { buildServer } from "./server";
import type { Settings } from "./settings";
import { EnvironmentStore } from "./stores/environmentStore";
import { FileStore } from "./stores/fileStore";
import type { Store } from "./stores/store";
import { VaultStore } from "./stores/vaultStore";
import { fileSource, WatchedFile } from "./watchedFile";

/** A service that answers. */
export interface RunningService {
  readonly url: string;
  /** Goes on serving for the time of the settings, then ends without breaking off a request. */
  stop(): Promise<void>;
}

/**
 * Starts the service.
 * @param log where it writes; closed at its end
 * @throws Error when a file cannot be used, or the port is taken
 */
export async function startService(settings: Settings, log: Log): Promise<RunningService> {
  const closers: (() => void)[] = [];
  try {
    const store = openStore(settings, log);
    closers.push(() => {
      store.close();
    });
    const access = openAccess(settings, log, closers);
    const metrics = new Metrics();
    const endpoint = new SecretEndpoint(access, store, settings.header, log, metrics);
    const server = buildServer({ endpoint, store, log, metrics, isEnding: () => endpoint.isEnding });
    await server.listen({ host: settings.host, port: settings.port });
    const { address, port } = server.server.address() as AddressInfo;
    const url = `http://${address.includes(":") ? `[${address}]` : address}:${port}`;
    log.info("listening", { url, store: settings.store.kind, access: settings.access.kind });
    return {
      url,
      stop: async () => {
        endpoint.isEnding = true;
        log.info("ending", { drainMilliseconds: settings.drainMilliseconds });
        await sleep(settings.drainMilliseconds);
        await server.close();
        for (const close of closers) close();
        log.info("ended");
        log.close();
      },
    };
  } catch (error) {
    for (const close of closers) close();
    throw error;
  }
}

function openStore({ store, reloadMilliseconds }: Settings, log: Log): Store {
  if (store.kind === "env") return new EnvironmentStore(store.values);
  if (store.kind === "file") return new FileStore(store.file, reloadMilliseconds, log);
  return new VaultStore(store, log);
}

function openAccess({ access, reloadMilliseconds }: Settings, log: Log, closers: (() => void)[]): Access {
  if (access.kind === "unchecked") {
    log.warn(
      "TOKENS ARE NOT CHECKED: whoever reaches this service from the trusted networks reads every key",
    );
    return new UncheckedAccess(access.networks);
  }
  const wrongTokens = new WrongTokens(access.wrongTokensPerMinute);
  if (access.kind === "token") {
    const policy = policyOfOneToken(access.token);
    return new CheckedAccess(() => policy, wrongTokens, undefined);
  }
  const file = new WatchedFile<Policy>(fileSource(access.file, parsePolicy), reloadMilliseconds, log);
  closers.push(() => {
    file.close();
  });
  return new CheckedAccess(() => file.content, wrongTokens, serviceAccountsOf(access));
}

function serviceAccountsOf({
  review,
}: Extract<AccessSettings, { kind: "policy" }>): ServiceAccountTokens | undefined {
  return review && new ServiceAccountTokens(review.server, review.audience, review.cacheMilliseconds);
}
