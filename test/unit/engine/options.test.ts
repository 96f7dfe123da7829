import assert from "node:assert/strict";

import { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { runtimeOptions, splitArguments } from "../../../local/engine/language/options";

function options(values: Record<string, string | boolean | number>) {
  return runtimeOptions(new ProgramInfo().setOptions(Struct.fromJavaScript(values)));
}

describe("runtimeOptions", () => {
  it("compiles TypeScript unless it is told not to", () => {
    assert.deepEqual(runtimeOptions(undefined), { typescript: true, nodeArguments: [], production: false });
    assert.equal(options({ typescript: false }).typescript, false);
  });

  it("reads every option", () => {
    const read = options({
      tsconfig: "tsconfig.pulumi.json",
      nodeargs: "--max-old-space-size=4096 --trace-warnings",
      packagemanager: "pnpm",
      production: true,
    });
    assert.deepEqual(read, {
      typescript: true,
      tsconfig: "tsconfig.pulumi.json",
      nodeArguments: ["--max-old-space-size=4096", "--trace-warnings"],
      packageManager: "pnpm",
      production: true,
    });
  });

  it("takes `auto` for no choice of a package manager", () => {
    assert.equal("packageManager" in options({ packagemanager: "auto" }), false);
  });

  it("says what to write instead of a wrong value", () => {
    assert.throws(
      () => options({ typescript: "yes" }),
      /runtime\.options\.typescript: found "yes"; write true or false/,
    );
    assert.throws(() => options({ nodeargs: 5 }), /runtime\.options\.nodeargs: found 5; write a string/);
    assert.throws(() => options({ packagemanager: "pip" }), /found "pip"; write auto, npm, pnpm, yarn, bun/);
  });
});

describe("splitArguments", () => {
  it("splits at white space, but not inside quotes", () => {
    assert.deepEqual(splitArguments(`--a=1  "--b=x y" --c='it''s' --d=e\\ f`), [
      "--a=1",
      "--b=x y",
      "--c=its",
      "--d=e f",
    ]);
  });

  it("finds nothing in an empty line", () => {
    assert.deepEqual(splitArguments("  "), []);
  });
});
