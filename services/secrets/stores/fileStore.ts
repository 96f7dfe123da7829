import { statSync } from "node:fs";
import type { Log } from "../log";
import { fileSource, WatchedFile } from "../watchedFile";
import { storedValues, type Store, type StoreState, type StoredValue } from "./store";
import { parseValues } from "./valueFile";
import { folderSource } from "./valueFolder";

/** Values of a JSON or .env file, or of a folder, in memory; they change all at once when the file or folder does. */
export class FileStore implements Store {
  private readonly file: WatchedFile<ReadonlyMap<string, StoredValue>>;

  /**
   * @param path of the file, or of the folder
   * @param intervalMilliseconds how often it is looked at
   * @throws Error when it is not usable at the start
   */
  constructor(path: string, intervalMilliseconds: number, log: Log) {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
    const values = isFolder ? folderSource(path) : fileSource(path, parseValues);
    const source = { ...values, read: () => storedValues(values.read()) };
    this.file = new WatchedFile(source, intervalMilliseconds, log);
  }

  find(key: string): StoredValue | undefined {
    return this.file.content.get(key);
  }

  /** A file that broke later does no harm: the values of before are served. */
  readiness(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  state(): StoreState {
    return this.file.state();
  }

  close(): void {
    this.file.close();
  }
}
