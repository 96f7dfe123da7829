import { readFileSync } from "node:fs";
import { join } from "node:path";

import {
  DependencyInfo,
  GetProgramDependenciesResponse,
  type GetProgramDependenciesRequest,
} from "@pulumi/pulumi/proto/language_pb";
import { findUpwards } from "./packageManager";

/** What of a package.json is needed here. */
interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** What of a package-lock.json is needed (lockfileVersion 2 and 3): packages by their path. */
interface LockFile {
  packages?: Record<string, { version?: string; link?: boolean }>;
}

/** One package that is installed for a program. */
export interface Dependency {
  name: string;
  version: string;
}

/**
 * Lists the packages that a program uses, with the versions that are installed.
 *
 * @param directory the program's folder
 * @param transitive whether to list the dependencies of its dependencies too
 * @throws Error when there is no package-lock.json in the folder or above it, or no package.json beside it
 */
export function programDependencies(directory: string, transitive: boolean): Dependency[] {
  const root = findUpwards(directory, "package-lock.json");
  if (root === undefined) {
    throw new Error(`No package-lock.json in ${directory} or above: run \`npm install\` there`);
  }
  const { packages } = readJson(join(root, "package-lock.json")) as LockFile;
  if (!packages) {
    throw new Error(
      `${root}/package-lock.json is of lockfileVersion 1: run \`npm install\` with npm 7 or later`,
    );
  }
  const installed = Object.entries(packages).flatMap(([path, { version, link }]) => {
    const name = path.split("node_modules/").at(-1);
    return path === "" || link === true || name === undefined || version === undefined
      ? []
      : [{ path, name, version }];
  });
  if (transitive) {
    return installed.map(({ name, version }) => ({ name, version }));
  }
  const { dependencies, devDependencies } = readJson(join(root, "package.json")) as Manifest;
  const direct = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  return installed
    .filter(({ path, name }) => path === `node_modules/${name}` && direct.has(name))
    .map(({ name, version }) => ({ name, version }));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}

/** Answers the engine's question for a program's dependencies. */
export function dependenciesResponse(request: GetProgramDependenciesRequest): GetProgramDependenciesResponse {
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const dependencies = programDependencies(directory, request.getTransitivedependencies());
  return new GetProgramDependenciesResponse().setDependenciesList(
    dependencies.map(({ name, version }) => new DependencyInfo().setName(name).setVersion(version)),
  );
}
