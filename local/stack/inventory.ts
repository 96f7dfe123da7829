import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EnginePart } from "../engine/install";
import type { Instance } from "../node/instance";
import { partsInUse, type ObtainedPart } from "../parts";

/** What a platform was brought up with. */
export interface Inventory {
  parts: ObtainedPart[];
  plugins: EnginePart[];
}

function fileOf(instance: Instance): string {
  return join(instance.folder, "inventory.json");
}

/** Notes the parts that this process has obtained, and the plugins in use. */
export async function writeInventory(instance: Instance, plugins: EnginePart[]): Promise<void> {
  const inventory: Inventory = { parts: await partsInUse(), plugins };
  await writeFile(`${fileOf(instance)}.new`, JSON.stringify(inventory, undefined, 2));
  await rename(`${fileOf(instance)}.new`, fileOf(instance));
}

/** What was noted last; undefined when nothing was. */
export async function readInventory(instance: Instance): Promise<Inventory | undefined> {
  const text = await readFile(fileOf(instance), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Inventory);
}
