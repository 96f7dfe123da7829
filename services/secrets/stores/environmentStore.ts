import { StoredValue, storedValues, type Store, type StoreState } from "./store";

/** Values of the process's own environment: those that were listed, never another one. */
export class EnvironmentStore implements Store {
  private readonly values: ReadonlyMap<string, StoredValue>;

  /** @param values the listed variables that are set */
  constructor(values: ReadonlyMap<string, string>) {
    this.values = storedValues(values);
  }

  find(key: string): StoredValue | undefined {
    return this.values.get(key);
  }

  readiness(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  state(): StoreState {
    return { reads: 1, failedReads: 0, isStale: false };
  }

  close(): void {
    // It holds nothing open.
  }
}
