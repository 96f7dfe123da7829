import assert from "node:assert/strict";
import { mistakeInCall, parseHelp } from "./help";

const COMMANDER = `Usage: rotate [options] <config>

Options:
  -s, --stack <name>    the stack, as elsewhere (with
                        --yes <soon>)
  -y, --yes             do not ask
`;

const COBRA = `Usage:
  tool configs tokens revoke [slug|token] [flags]

Flags:
  -c, --config string          config (e.g. dev)
  -r, --refresh string[="true"]   refresh first
`;

const KUBECTL = `Options:
    --overwrite=false:
\tallow it

    --timeout=30s:
\tThe time

Usage:
  kubectl wait ([-f FILENAME] | resource.group) [options]
`;

const BAO = `Usage: bao kv patch [options] KEY [DATA]

Command Options:

  -mount=<string>
      Specifies the path where the KV backend is mounted.
`;

describe("mistakeInCall", () => {
  const rotate = (...words: string[]) => mistakeInCall(parseHelp(COMMANDER), ["rotate"], words);

  it("accepts a call as its help describes it", () => {
    assert.equal(rotate("dev", "--stack", "dev", "-y"), undefined);
    assert.equal(rotate("--stack=dev", "dev"), undefined);
  });

  it("refuses an unknown flag, a flag without its value, and a wrong number of arguments", () => {
    assert.match(rotate("dev", "--stak", "dev") ?? "", /no flag --stak; there are -s, --stack, -y, --yes/);
    assert.match(rotate("dev", "--stack") ?? "", /--stack has no value/);
    assert.match(rotate("--stack", "dev") ?? "", /0 arguments.*<config>/);
    assert.match(rotate("dev", "prd") ?? "", /2 arguments/);
  });

  it("compares subcommands", () => {
    const tool = (...words: string[]) => mistakeInCall(parseHelp(COBRA), ["tool"], words);
    assert.equal(tool("configs", "tokens", "revoke", "SLUG", "-c", "dev", "--refresh"), undefined);
    assert.match(tool("configs", "tokens", "list") ?? "", /it is not "tool configs tokens revoke/);
    assert.match(tool("configs", "tokens", "revoke", "a", "b") ?? "", /2 arguments/);
  });

  it("knows parameters in capitals from subcommands", () => {
    const bao = (...words: string[]) => mistakeInCall(parseHelp(BAO), ["bao"], words);
    assert.equal(bao("kv", "patch", "-mount=secret", "shop/api-keys", "warehouse=-"), undefined);
    assert.match(bao("kv", "patch", "-mont=secret", "shop/api-keys") ?? "", /no flag -mont/);
    assert.match(bao("kv", "put", "shop/api-keys") ?? "", /it is not "bao kv patch/);
    assert.match(bao("kv", "patch", "-mount=secret") ?? "", /0 arguments/);
  });

  it("knows switches from flags with a value by their defaults", () => {
    const { flags } = parseHelp(KUBECTL);
    assert.deepEqual(
      [...flags],
      [
        ["--overwrite", false],
        ["--timeout", true],
      ],
    );
    assert.equal(mistakeInCall(parseHelp(KUBECTL), ["kubectl"], ["wait", "x", "--timeout", "9s"]), undefined);
  });
});
