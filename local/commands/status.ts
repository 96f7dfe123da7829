import { formatTable, type Cell } from "../../cli/table";
import type { EmbeddedNode } from "../node/node";
import { initProcess } from "../node/namespace";
import { readRecord, runningRecord } from "../node/records";
import { SERVICE_NAMES, type ServiceName } from "../node/services/service";
import { logOf } from "../node/supervisor";
import { readInventory, type Inventory } from "../stack/inventory";

/** A server of the node, as it is now. */
export interface ServiceStatus {
  name: ServiceName;
  state: "running" | "ended" | "not started";
  pid?: number;
  /** ISO 8601. */
  since?: string;
  log: string;
}

/** The embedded platform, as it is now. */
export interface PlatformStatus {
  instance: string;
  folder: string;
  running: boolean;
  services: ServiceStatus[];
  inventory?: Inventory;
}

/** What is running, and what the platform was brought up with. */
export async function platformStatus({ instance }: EmbeddedNode): Promise<PlatformStatus> {
  const services = await Promise.all(
    SERVICE_NAMES.map(async (name): Promise<ServiceStatus> => {
      const log = logOf(instance, name);
      const running = await runningRecord(instance, name);
      if (running !== undefined) {
        return { name, state: "running", pid: running.process.pid, since: running.since, log };
      }
      const known = (await readRecord(instance, name)) !== undefined;
      return { name, state: known ? "ended" : "not started", log };
    }),
  );
  const inventory = await readInventory(instance);
  return {
    instance: instance.name,
    folder: instance.folder,
    running: (await initProcess(instance)) !== undefined,
    services,
    ...(inventory === undefined ? {} : { inventory }),
  };
}

/** The status as tables for people. */
export function describeStatus(status: PlatformStatus, colours: boolean): string {
  const services = status.services.map((service): Cell[] => [
    service.name,
    { text: service.state, colour: service.state === "running" ? "green" : "red" },
    service.pid === undefined ? "" : String(service.pid),
    service.since ?? "",
    service.log,
  ]);
  const tables = [
    `embedded platform ${status.instance}: ${status.running ? "running" : "not running"} (${status.folder})`,
    formatTable(["SERVER", "STATE", "PID", "SINCE", "LOG"], services, colours),
  ];
  if (status.inventory !== undefined) {
    const { parts, plugins } = status.inventory;
    const partRows = parts.map(({ name, version, source, path }): Cell[] => [name, version, source, path]);
    const pluginRows = plugins.map(({ name, kind, version, source }): Cell[] => [
      name,
      kind,
      version,
      source,
    ]);
    tables.push(
      formatTable(["PART", "VERSION", "FROM", "PATH"], partRows, colours),
      formatTable(["PLUGIN", "KIND", "VERSION", "FROM"], pluginRows, colours),
    );
  }
  return tables.join("\n\n");
}
