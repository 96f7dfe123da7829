import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";

import { RunResponse, type ProgramInfo, type RunRequest } from "@pulumi/pulumi/proto/language_pb";

import { messageOf } from "../../../provider/message";
import { describeEnding, runCommand, type Ending } from "./child";
import { typescriptEnvironment } from "./environment";
import { runtimeOptions, type RuntimeOptions } from "./options";
import { OutOfMemoryDetector } from "./outOfMemory";
import { locateSdkProgram } from "./sdk";

/** The SDK has shown the user what is wrong: there is nothing to add. */
const EXIT_AFTER_MESSAGE = 32;

/** Runs a program, and says how it ended. Its output is passed on to this process's own. */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
  signal: AbortSignal,
): Promise<RunResponse> {
  const info = request.getInfo();
  if (!info) {
    return failure("The engine did not say which program to run");
  }
  if (request.getAttachDebugger()) {
    return failure("The embedded language host has no debugger: run without --attach-debugger");
  }
  const memory = new OutOfMemoryDetector();
  let ending: Ending;
  try {
    const options = runtimeOptions(info);
    const program = locateSdkProgram("run", info.getProgramDirectory());
    ending = await runCommand({
      file: process.execPath,
      arguments: [...options.nodeArguments, program, ...programArguments(request, info, engineAddress)],
      directory: process.cwd(),
      environment: programEnvironment(request, options),
      signal,
      stdout: (chunk) => process.stdout.write(chunk),
      stderr: (chunk) => {
        memory.read(chunk);
        process.stderr.write(chunk);
      },
    });
  } catch (error) {
    return failure(messageOf(error));
  }
  if (ending.code === 0) {
    return new RunResponse();
  }
  if (ending.code === EXIT_AFTER_MESSAGE) {
    return new RunResponse().setBail(true);
  }
  const how = `Program ${describeEnding(ending)}`;
  return failure(memory.detected ? `${how}. ${memory.advice}` : how);
}

function failure(message: string): RunResponse {
  return new RunResponse().setError(message);
}

/** Arguments of the SDK's `cmd/run`: an option is left out when it has no value. */
function programArguments(request: RunRequest, info: ProgramInfo, engineAddress: string): string[] {
  const options = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info.getRootDirectory(),
    stack: request.getStack(),
    pwd: info.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(options).flatMap(([name, value]) => (value === "" ? [] : [`--${name}`, value])),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint(),
    ...request.getArgsList(),
  ];
}

function programEnvironment(request: RunRequest, options: RuntimeOptions): NodeJS.ProcessEnv {
  const cache = getCompileCacheDir();
  return {
    // A program loads the same SDKs every time: what was compiled is kept beside this host's own code. The cache
    // is a folder inside, of this version of Node.
    ...(cache !== undefined && { NODE_COMPILE_CACHE: dirname(cache) }),
    ...process.env,
    ...typescriptEnvironment(options),
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}
