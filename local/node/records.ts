import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Instance } from "./instance";
import { isRunning, type ProcessIdentity } from "./processes";

/** A process of an instance that was started here, as it is kept on disk. */
export interface ProcessRecord {
  process: ProcessIdentity;
  /** ISO 8601. */
  since: string;
  /** Stands for everything that it was started with: when that changes, it must be started anew. */
  fingerprint: string;
}

function fileOf(instance: Instance, name: string): string {
  return join(instance.processes, `${name}.json`);
}

/** The record of a process; undefined when there is none, or none that can be read. */
export async function readRecord(instance: Instance, name: string): Promise<ProcessRecord | undefined> {
  const text = await readFile(fileOf(instance, name), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as ProcessRecord;
  } catch {
    // A machine that lost its power may have left half a file; what it was about is gone as well.
    return undefined;
  }
}

/** The record of a process that is running at this moment. */
export async function runningRecord(instance: Instance, name: string): Promise<ProcessRecord | undefined> {
  const record = await readRecord(instance, name);
  return record !== undefined && (await isRunning(record.process)) ? record : undefined;
}

/** Keeps the record of a process, in one step. */
export async function writeRecord(instance: Instance, name: string, record: ProcessRecord): Promise<void> {
  await mkdir(instance.processes, { recursive: true, mode: 0o700 });
  const file = fileOf(instance, name);
  await writeFile(`${file}.new`, JSON.stringify(record));
  await rename(`${file}.new`, file);
}
