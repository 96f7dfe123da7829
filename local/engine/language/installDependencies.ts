import type * as grpc from "@grpc/grpc-js";
import {
  InstallDependenciesResponse,
  type InstallDependenciesRequest,
} from "@pulumi/pulumi/proto/language_pb";

import { describeEnding, runCommand } from "./child";
import { findExecutable } from "./executable";
import { runtimeOptions } from "./options";
import { findUpwards, installArguments, packageManagerOf } from "./packageManager";

/** Installs a program's packages, and streams what the package manager says. */
export async function installDependencies(
  call: grpc.ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
  signal: AbortSignal,
): Promise<void> {
  const info = call.request.getInfo();
  const directory = info?.getProgramDirectory() ?? call.request.getDirectory();
  const options = runtimeOptions(info);
  const root = findUpwards(directory, "package.json");
  if (root === undefined) {
    throw new Error(`No package.json in ${directory} or above: run \`npm init\` there`);
  }
  const manager = packageManagerOf(options, root);
  const file = findExecutable(manager);
  if (file === undefined) {
    throw new Error(
      `${manager} is not on PATH: install it, or name another under runtime.options.packagemanager`,
    );
  }
  const show = (chunk: Buffer | string): void => {
    call.write(new InstallDependenciesResponse().setStdout(Buffer.from(chunk)));
  };
  show("Installing dependencies...\n\n");
  const ending = await runCommand({
    file,
    arguments: installArguments(manager, options.production),
    directory: root,
    environment: process.env,
    signal,
    stdout: show,
    stderr: (chunk) => call.write(new InstallDependenciesResponse().setStderr(chunk)),
  });
  if (ending.code !== 0) {
    throw new Error(`${manager} install ${describeEnding(ending)}`);
  }
  show("Finished installing dependencies\n\n");
  call.end();
}
