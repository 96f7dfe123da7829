import { strict as assert } from "node:assert";
import { ConfigurationError } from "../../../config/problem";

const problem = { file: "apps/b.yaml", path: "name", found: '"B"', remedy: "b" };

describe("a configuration error", () => {
  it("lists every mistake once, by file, line, column and path", () => {
    const error = new ConfigurationError([
      problem,
      { ...problem, file: "apps/a.yaml", line: 12, column: 3 },
      { ...problem, file: "apps/a.yaml", line: 2, column: 9, path: "z" },
      { ...problem, file: "apps/a.yaml", line: 2, column: 9, path: "a", found: "one\ntwo" },
      { ...problem },
      { ...problem, path: "" },
    ]);
    assert.equal(error.name, "ConfigurationError");
    assert.equal(
      error.message,
      [
        "5 mistakes in the configuration. Nothing was changed.",
        "apps/a.yaml:2:9  a\n    found  one\n           two\n    write  b",
        'apps/a.yaml:2:9  z\n    found  "B"\n    write  b',
        'apps/a.yaml:12:3  name\n    found  "B"\n    write  b',
        'apps/b.yaml\n    found  "B"\n    write  b',
        'apps/b.yaml  name\n    found  "B"\n    write  b',
      ].join("\n\n"),
    );
    assert.equal(error.problems.length, 5);
  });

  it("counts one mistake as one", () => {
    assert.match(new ConfigurationError([problem]).message, /^1 mistake in the configuration\./);
  });

  it("leaves out that a value is missing where it is told why", () => {
    const unreadable = { ...problem, found: "an alias without an anchor" };
    const { problems } = new ConfigurationError([{ ...problem, found: "nothing" }, unreadable]);
    assert.deepEqual(problems, [unreadable]);
  });

  it("shows no credential, whatever a message is made of", () => {
    const token = ["ghp", "abcdefghijklmnopqrstuvwxyz0123456789"].join("_");
    const { message, problems } = new ConfigurationError([
      { file: `${token}.yaml`, path: `config.${token}`, found: token, remedy: `not ${token}` },
    ]);
    assert.ok(!message.includes(token) && !JSON.stringify(problems).includes(token));
    assert.match(message, /\(hidden\)\.yaml {2}config\.\(hidden\)/);
  });
});
