/** Writes values to where the application files say that Secrets are read from. No message has a value in it. */
import type { ResolvedApplication } from "../../config/application";
import { standInKind } from "../../config/deployerVariables";
import { ImportedEnvironment, objectsOf } from "./importedObject";
import { Store, StoreAccess, Stored, storeOf } from "./stores";

/** What was done at one place, by the names of the values there. */
export interface Uploaded {
  readonly place: string;
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
}

interface Upload {
  readonly store: Store;
  readonly values: Map<string, string>;
}

/**
 * Writes what differs, at every place or, when one value must not be written, at none.
 *
 * @param environment with its variables filled in
 * @param applications those of this environment
 * @param overwrite whether other values that are there may be replaced. Default: false
 * @throws Error with everything that stands in the way
 */
export async function upload(
  environment: ImportedEnvironment,
  applications: readonly ResolvedApplication[],
  access: StoreAccess,
  { overwrite = false } = {},
): Promise<Uploaded[]> {
  const planned = uploads(environment, applications, access);
  const steps: { upload: Upload; stored: Stored; changed: Map<string, string> }[] = [];
  const mistakes: string[] = [];
  for (const one of planned) {
    const stored = await one.store.read();
    const changed = new Map([...one.values].filter(([name, value]) => stored.values.get(name) !== value));
    for (const [name, value] of one.values) {
      const flaw = standInKind(value) ?? one.store.refusal(value);
      if (flaw !== undefined)
        mistakes.push(`${one.store.title}: ${name}: ${flaw}; write the real value into the tree`);
      else if (!overwrite && stored.values.has(name) && changed.has(name))
        mistakes.push(
          `${one.store.title}: ${name}: has another value; see which one is right, or add --overwrite`,
        );
    }
    steps.push({ upload: one, stored, changed });
  }
  if (mistakes.length > 0) throw new Error([...mistakes, "Nothing was uploaded."].join("\n"));
  const done: Uploaded[] = [];
  for (const { upload: one, stored, changed } of steps) {
    const { title } = one.store;
    try {
      if (changed.size > 0) await stored.write(changed);
      const { values } = changed.size > 0 ? await one.store.read() : stored;
      const different = [...one.values.keys()].filter((name) => values.get(name) !== one.values.get(name));
      if (different.length > 0)
        throw new Error(`${title} does not give back what was written: ${different.join(", ")}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const before = done.map(({ place }) => place).join(", ");
      throw new Error(
        before === "" ? reason : `${reason}\nUploaded before: ${before}. Running it again goes on.`,
        {
          cause: error,
        },
      );
    }
    const names = [...one.values.keys()];
    const isNew = (name: string): boolean => changed.has(name);
    done.push({
      place: title,
      written: names.filter(isNew),
      unchanged: names.filter((name) => !isNew(name)),
    });
  }
  return done;
}

function uploads(
  environment: ImportedEnvironment,
  applications: readonly ResolvedApplication[],
  access: StoreAccess,
): Upload[] {
  const found = new Map<string, Upload>();
  for (const secret of applications.flatMap(({ secrets }) => secrets)) {
    const object = objectsOf(environment, "Secret").find(({ name }) => name === secret.name);
    const store = storeOf(secret, access);
    if (object === undefined || store === undefined || secret.keys === undefined) continue;
    const one = found.get(store.title) ?? { store, values: new Map<string, string>() };
    for (const [key, name] of Object.entries(secret.keys)) {
      const value = object.values.get(key);
      if (value !== undefined) one.values.set(name, value);
    }
    found.set(store.title, one);
  }
  return [...found.values()];
}
