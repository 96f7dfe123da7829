import type * as grpc from "@grpc/grpc-js";
import { RunPluginResponse, type ProgramInfo, type RunPluginRequest } from "@pulumi/pulumi/proto/language_pb";

import { describeEnding, runCommand } from "./child";
import { typescriptEnvironment } from "./environment";
import { runtimeOptions } from "./options";
import { PolicyPackProxy } from "./policyPackProxy";
import { locateSdkProgram } from "./sdk";

type Call = grpc.ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** What the engine calls a policy pack. */
const ANALYZER = "analyzer";

/** Runs a plugin that is written for Node, and streams its output and exit code to the engine. */
export async function runPlugin(call: Call, signal: AbortSignal): Promise<void> {
  const info = call.request.getInfo();
  if (!info) {
    throw new Error("The engine did not say which plugin to run");
  }
  if (call.request.getAttachDebugger()) {
    throw new Error("The embedded language host has no debugger: run without --attach-debugger");
  }
  const code = await (call.request.getKind() === ANALYZER
    ? runPolicyPack(call, info, signal)
    : runOtherPlugin(call, info, signal));
  call.write(new RunPluginResponse().setExitcode(code));
  call.end();
}

async function runOtherPlugin(call: Call, info: ProgramInfo, signal: AbortSignal): Promise<number> {
  const options = runtimeOptions(info);
  const directory = info.getProgramDirectory();
  const program = locateSdkProgram("run-plugin", directory);
  const ending = await runCommand({
    file: process.execPath,
    arguments: [...options.nodeArguments, program, directory, ...call.request.getArgsList()],
    directory: call.request.getPwd(),
    environment: { ...environmentOf(call.request), ...typescriptEnvironment(options) },
    signal,
    stdout: stdoutOf(call),
    stderr: stderrOf(call),
  });
  return ending.code ?? 1;
}

/**
 * A policy pack reads its stack's name and configuration from the environment as it loads, and the engine only
 * tells them once the pack serves: so a proxy serves first, and the pack starts when they are known.
 */
async function runPolicyPack(call: Call, info: ProgramInfo, signal: AbortSignal): Promise<number> {
  const options = runtimeOptions(info);
  const directory = info.getProgramDirectory();
  const program = locateSdkProgram("run-policy-pack", directory);
  const proxy = new PolicyPackProxy();
  try {
    const stdout = stdoutOf(call);
    stdout(Buffer.from(`${await proxy.listen()}\n`));
    const stack = await proxy.stackEnvironment(signal);
    const ending = await runCommand({
      file: process.execPath,
      arguments: [...options.nodeArguments, program, ...call.request.getArgsList(), directory],
      directory, // the pack reads its version from the package.json there
      environment: { ...environmentOf(call.request), ...typescriptEnvironment(options), ...stack },
      signal,
      stdout: (chunk) => {
        proxy.readOutput(chunk).forEach(stdout);
      },
      stderr: stderrOf(call),
    });
    proxy.packEnded(describeEnding(ending));
    return ending.code ?? 1;
  } finally {
    proxy.close();
  }
}

function stdoutOf(call: Call): (chunk: Buffer) => void {
  return (chunk) => {
    call.write(new RunPluginResponse().setStdout(chunk));
  };
}

function stderrOf(call: Call): (chunk: Buffer) => void {
  return (chunk) => {
    call.write(new RunPluginResponse().setStderr(chunk));
  };
}

/** The environment that the engine wants a plugin to have: `NAME=value` each. */
function environmentOf(request: RunPluginRequest): NodeJS.ProcessEnv {
  return Object.fromEntries(
    request.getEnvList().map((entry) => {
      const end = entry.indexOf("=");
      return [entry.slice(0, end), entry.slice(end + 1)];
    }),
  );
}
