import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLines, run, runOrThrow } from "../process/run";
import { environmentVariable } from "./environment";
import type { GoRecipe, Part, PartName } from "./part";

/** The environment of Go builds, independent of what the person has set, so that the checkout never changes. */
function buildEnvironment(): NodeJS.ProcessEnv {
  // A lazy garbage collector makes these builds about 15 % faster.
  return { ...process.env, CGO_ENABLED: "0", GOGC: "400", GOFLAGS: "-mod=readonly", GOWORK: "off" };
}

/**
 * Builds a part from its Go modules.
 *
 * @param folder Where the executables go.
 */
export async function buildWithGo(part: Part, recipe: GoRecipe, folder: string): Promise<void> {
  const cwd = join(__dirname, part.name);
  const environment = buildEnvironment();
  await requireGo(part);
  const scratch = await mkdtemp(join(tmpdir(), "secrets-platform-go-"));
  try {
    const buildArguments = ["build", "-trimpath", "-buildvcs=false"];
    if (recipe.unoptimised !== undefined) buildArguments.push(`-gcflags=${recipe.unoptimised}=-N -l`);
    buildArguments.push("-ldflags", ["-s", "-w", ...(recipe.stamps ?? [])].join(" "));
    if (recipe.overlay !== undefined) {
      const overlay = join(scratch, "overlay.json");
      await writeFile(overlay, JSON.stringify(await overlayOf(part, recipe.overlay)));
      buildArguments.push("-overlay", overlay);
    }
    const [executable = part.name] = part.executables;
    buildArguments.push("-o", part.executables.length === 1 ? join(folder, executable) : `${folder}/`);
    const { code, stderr } = await run("go", [...buildArguments, ...recipe.packages], { cwd, environment });
    if (code !== 0) {
      throw new Error(
        `${part.name} ${part.version} could not be built from its Go modules in ${cwd} ` +
          `(exit code ${code}): ${lastLines(stderr, 15)}`,
      );
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The folder of a module in the module cache, downloaded when it is missing. */
export async function moduleFolder(part: PartName, module: string): Promise<string> {
  const cwd = join(__dirname, part);
  const environment = buildEnvironment();
  await runOrThrow("go", ["mod", "download", module], { cwd, environment });
  const folder = await runOrThrow("go", ["list", "-m", "-f", "{{.Dir}}", module], { cwd, environment });
  return folder.trim();
}

async function overlayOf(
  part: Part,
  overlay: NonNullable<GoRecipe["overlay"]>,
): Promise<{ Replace: Record<string, string> }> {
  const source = await moduleFolder(part.name, overlay.module);
  const replaced = Object.entries(overlay.files).map(([name, path]): [string, string] => [
    join(__dirname, part.name, name),
    join(source, path),
  ]);
  return { Replace: Object.fromEntries(replaced) };
}

async function requireGo(part: Part): Promise<void> {
  const found = await run("go", ["version"]).catch(() => undefined);
  if (found?.code !== 0) {
    throw new Error(
      `${part.name} ${part.version} is built with Go, and there is no \`go\` on PATH. Install Go 1.26 or newer, ` +
        `or name an existing one with ${environmentVariable(part.name)}=<path>.`,
    );
  }
}
