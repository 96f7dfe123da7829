import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Platform } from "../platform";
import { contextsFolder } from "../stack/context";
import type { Progress } from "./progress";

/** What is deleted besides the cluster. */
export interface DownOptions {
  /** Also logs, plugins, and everything else of the instance. */
  purge: boolean;
}

/**
 * Ends the embedded platform, also what a crash left of it. The cluster's data and the Pulumi state of its stacks
 * go together, because neither means anything without the other.
 *
 * @returns what was done, for people.
 */
export async function down(
  platform: Platform,
  { purge }: DownOptions,
  progress: Progress,
): Promise<string[]> {
  const { instance } = platform.node;
  const wasRunning = await progress.step("end the node", () => platform.node.stop());
  await rm(instance.backend, { recursive: true, force: true });
  await rm(instance.commands, { recursive: true, force: true });
  const done = [
    wasRunning
      ? `ended the embedded platform ${instance.name} and everything that ran in it`
      : `the embedded platform ${instance.name} was not running`,
    "deleted the cluster's data and the Pulumi state of its stacks",
  ];
  // Those clusters still run: without their state, what was made on them could only be removed by hand.
  const contexts = await readdir(contextsFolder(instance)).catch(() => []);
  if (!purge) return [...done, `kept logs and plugins in ${instance.folder}`];
  for (const entry of await readdir(instance.folder).catch(() => [])) {
    if (contexts.length > 0 && join(instance.folder, entry) === contextsFolder(instance)) continue;
    await rm(join(instance.folder, entry), { recursive: true, force: true });
  }
  if (contexts.length > 0) {
    return [
      ...done,
      `deleted all else but the Pulumi state of other clusters, in ${contextsFolder(instance)}`,
    ];
  }
  await rm(instance.folder, { recursive: true, force: true });
  return [...done, `deleted ${instance.folder}`];
}
