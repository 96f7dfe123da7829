import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { CHECKOUT } from "../node/instance";
import { cached } from "../parts/cache";
import { runOrThrow } from "../process/run";
import type { Image } from "./archive";
import { dockerfileSettings } from "./dockerfile";
import { productionPackages, type LockedPackages } from "./productionPackages";
import { sharedLibraries } from "./sharedLibraries";

const WORKSPACE = "services/secrets";

/** What the compiled program is made from: folders of sources, and what decides how they are compiled. */
const SOURCES = [WORKSPACE, "clients", "tsconfig.json", "package-lock.json"];

/** The version of the secrets service. */
export async function secretsServiceVersion(): Promise<string> {
  const { version } = await readJson<{ version: string }>(join(CHECKOUT, WORKSPACE, "package.json"));
  return version;
}

/**
 * What the image of the secrets service is made of, as `services/secrets/Dockerfile` makes it: the compiled program,
 * the packages that it runs with, and Node. Node is the project's own, with the shared libraries of this machine.
 */
export async function secretsServiceContent(): Promise<Omit<Image, "reference">> {
  const settings = await dockerfileSettings(join(CHECKOUT, WORKSPACE, "Dockerfile"));
  const node = join(CHECKOUT, "node_modules", "node", "bin", "node");
  const [program, packages, libraries] = await Promise.all([
    compiled(),
    packageFiles(),
    sharedLibraries(node),
  ]);
  const inFolder = (path: string): string => join(settings.workingFolder, path).slice(1);
  return {
    executables: {
      "usr/local/bin/node": node,
      // The loader looks for libraries where this machine has them.
      ...Object.fromEntries(libraries.map((path) => [path.slice(1), path])),
    },
    files: Object.fromEntries([
      ...(await filesIn(program)).map((path) => [inFolder(path), join(program, path)]),
      ...packages.map((path) => [inFolder(path), join(CHECKOUT, path)]),
    ]) as Record<string, string>,
    entrypoint: [],
    ...settings,
  };
}

/** Folder with the compiled program, in the cache: the checkout stays as it is, and nothing is compiled twice. */
async function compiled(): Promise<string> {
  const compiler = join(CHECKOUT, "node_modules", "typescript", "bin", "tsc");
  const { folder } = await cached("services", `secrets-${await digestOfSources()}`, async (temporary) => {
    const project = join(CHECKOUT, WORKSPACE);
    await runOrThrow(process.execPath, [compiler, "--project", project, "--outDir", temporary]);
  });
  return folder;
}

async function digestOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const source of SOURCES) {
    const files = source.includes(".") ? [""] : await filesIn(join(CHECKOUT, source));
    for (const file of files) {
      const content = await readFile(join(CHECKOUT, source, file));
      hash.update(JSON.stringify([join(source, file), content.length])).update(content);
    }
  }
  return hash.digest("hex").slice(0, 16);
}

/** Files of the packages that the service runs with, by their path in the checkout. */
async function packageFiles(): Promise<string[]> {
  const { packages } = await readJson<{ packages: LockedPackages }>(join(CHECKOUT, "package-lock.json"));
  const files = productionPackages(packages, WORKSPACE).map(async (folder) =>
    (await filesIn(join(CHECKOUT, folder))).map((path) => join(folder, path)),
  );
  return (await Promise.all(files)).flat();
}

/** Paths of the files in a folder, below it. Packages inside of a package are packages of their own. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !path.startsWith("node_modules/"))
    .sort();
}

async function readJson<Content>(file: string): Promise<Content> {
  return JSON.parse(await readFile(file, "utf8")) as Content;
}
