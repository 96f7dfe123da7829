import { createRequire } from "node:module";
import { join } from "node:path";

import { AboutResponse, type AboutRequest } from "@pulumi/pulumi/proto/language_pb";

import { runtimeOptions } from "./options";
import { packageManagerOf, versionOf } from "./packageManager";

/** Says which Node, package manager and TypeScript a program runs with, for `pulumi about`. */
export async function about(request: AboutRequest): Promise<AboutResponse> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? process.cwd();
  const manager = packageManagerOf(runtimeOptions(info), directory);
  const metadata = {
    packagemanager: manager,
    packagemanagerVersion: await versionOf(manager),
    typescriptVersion: typescriptVersion(directory),
  };
  const response = new AboutResponse().setExecutable(process.execPath).setVersion(process.version);
  for (const [name, value] of Object.entries(metadata)) {
    if (value !== undefined) {
      response.getMetadataMap().set(name, value);
    }
  }
  return response;
}

/** The TypeScript that the program itself would load. */
function typescriptVersion(directory: string): string | undefined {
  try {
    const manifest = createRequire(join(directory, "package.json"))("typescript/package.json") as unknown;
    return (manifest as { version: string }).version;
  } catch {
    return undefined;
  }
}
