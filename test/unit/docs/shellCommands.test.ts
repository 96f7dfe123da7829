import assert from "node:assert/strict";
import { shellCommands } from "./shellCommands";

function wordsOf(script: string): (readonly string[])[] {
  return shellCommands(script).map(({ words }) => words);
}

describe("shellCommands", () => {
  it("splits lists, pipes and lines, and takes comments and redirections away", () => {
    assert.deepEqual(wordsOf("cd folder && npm ci; echo a | grep b > file 2>&1 # so it's done\nnpm test"), [
      ["cd", "folder"],
      ["npm", "ci"],
      ["echo", "a"],
      ["grep", "b"],
      ["npm", "test"],
    ]);
  });

  it("reads quotes, escapes and lines that go on", () => {
    assert.deepEqual(wordsOf("npm run x -- \\\n  --grep 'a b' --name \"c 'd'\" e\\ f"), [
      ["npm", "run", "x", "--", "--grep", "a b", "--name", "c 'd'", "e f"],
    ]);
  });

  it("takes assignments away, and keeps what looks like one further on", () => {
    assert.deepEqual(wordsOf("A=b C='d e' npm run x name=value\nA=b"), [["npm", "run", "x", "name=value"]]);
  });

  it("finds the commands inside of substitutions", () => {
    assert.deepEqual(wordsOf('eval "$(npm run -s x)"\nkubectl get "a=$(printf b | base64)" $(date)'), [
      ["npm", "run", "-s", "x"],
      ["eval", "$()"],
      ["printf", "b"],
      ["base64"],
      ["date"],
      ["kubectl", "get", "a=$()", "$()"],
    ]);
  });

  it("tells the line of each command", () => {
    const lines = shellCommands("one\n\n# nothing\ntwo && three \\\n  four\nfive").map(({ line }) => line);
    assert.deepEqual(lines, [1, 4, 5, 6]);
  });
});
