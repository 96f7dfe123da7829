import type { Log } from "../log";
import { WatchedFile } from "../watchedFile";
import { storedValues, type Store, type StoreState, type StoredValue } from "./store";
import { parseValues } from "./valueFile";

/** Values of a JSON or .env file, in memory; they change all at once when the file does. */
export class FileStore implements Store {
  private readonly file: WatchedFile<ReadonlyMap<string, StoredValue>>;

  /**
   * @param intervalMilliseconds how often the file is looked at
   * @throws Error when the file is not usable at the start
   */
  constructor(file: string, intervalMilliseconds: number, log: Log) {
    const parse = (text: string): ReadonlyMap<string, StoredValue> => storedValues(parseValues(text, file));
    this.file = new WatchedFile(file, parse, intervalMilliseconds, log);
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
