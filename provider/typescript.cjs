"use strict";

// Runs a TypeScript module of this checkout from any working directory: node typescript.cjs MODULE [ARGUMENT...]
//
// The engine starts the language host and every provider anew for each command, so what was compiled is kept, by
// its content: a start without a compiler takes a third of the time. Types are checked elsewhere (npm run types).

const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const { join, resolve } = require("node:path");

const checkout = join(__dirname, "..");
const cache = join(checkout, "node_modules", ".cache", "typescript");
const configuration = readFileSync(join(checkout, "tsconfig.json"), "utf8");
const compiler = require("typescript/package.json").version;

function compile(source, file) {
  const typescript = require("typescript");
  const { config, error } = typescript.parseConfigFileTextToJson("tsconfig.json", configuration);
  if (error) {
    throw new Error(typescript.flattenDiagnosticMessageText(error.messageText, "\n"));
  }
  const { options } = typescript.convertCompilerOptionsFromJson(config.compilerOptions, checkout);
  const { outputText } = typescript.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      ...options,
      module: typescript.ModuleKind.CommonJS,
      moduleResolution: undefined,
      sourceMap: false,
      inlineSourceMap: true,
    },
  });
  return outputText;
}

function compiled(file) {
  const source = readFileSync(file, "utf8");
  const key = createHash("sha256").update([compiler, configuration, file, source].join("\0")).digest("hex");
  const kept = join(cache, `${key}.js`);
  try {
    return readFileSync(kept, "utf8");
  } catch {
    const output = compile(source, file);
    try {
      // Renamed into place: another process may read it at any moment.
      mkdirSync(cache, { recursive: true });
      writeFileSync(`${kept}.${process.pid}`, output);
      renameSync(`${kept}.${process.pid}`, kept);
    } catch {
      // A checkout that cannot be written to compiles every time.
    }
    return output;
  }
}

require.extensions[".ts"] = (module, file) => {
  module._compile(compiled(file), file);
};
enableCompileCache(join(cache, "code"));
process.setSourceMapsEnabled(true);
process.argv.splice(1, 1);
require(resolve(process.argv[1]));
