import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { installEngine, type EnginePart } from "../engine/install";
import { obtainPart } from "../parts";
import type { Progress } from "../commands/progress";
import { temporaryFolder } from "./environment";

/** Pulumi's engine, ready to run. */
export interface Engine {
  /** Path of the CLI. */
  executable: string;
  /** First folder on PATH. */
  bin: string;
  /** PULUMI_HOME. */
  home: string;
  parts: EnginePart[];
}

/** Folder of the CLI and its language host, inside of a Pulumi home of ours. */
export function engineBin(home: string): string {
  return join(home, "cli");
}

/** Lays out the CLI, its language host and its plugins in a Pulumi home. What is as it should be stays. */
export async function prepareEngine(home: string, progress: Progress): Promise<Engine> {
  const pulumi = await obtainPart("pulumi");
  const kubernetesProvider = await obtainPart("pulumi-kubernetes");
  const bin = engineBin(home);
  await mkdir(temporaryFolder(home), { recursive: true, mode: 0o700 });
  const notes: string[] = [];
  const parts = await progress.step(
    "Pulumi's engine and plugins",
    () =>
      installEngine({
        pulumi: pulumi.path,
        kubernetesProvider: kubernetesProvider.path,
        home,
        bin,
        log: (line) => notes.push(line),
      }),
    (installed) => installed.map(({ name, source }) => `${name} ${source}`).join(", "),
  );
  return { executable: join(bin, "pulumi"), bin, home, parts };
}
