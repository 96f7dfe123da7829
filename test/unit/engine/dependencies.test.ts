import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { programDependencies } from "../../../local/engine/language/dependencies";

describe("programDependencies", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dependencies-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(name: string, content: object): void {
    writeFileSync(join(folder, name), JSON.stringify(content));
  }

  it("lists direct dependencies with the versions that are installed, from a folder inside too", () => {
    write("package.json", { dependencies: { a: "^1.0.0" }, devDependencies: { "@x/b": "2" } });
    write("package-lock.json", {
      lockfileVersion: 3,
      packages: {
        "": { version: "0.0.1" },
        "node_modules/a": { version: "1.2.3" },
        "node_modules/@x/b": { version: "2.0.0" },
        "node_modules/@x/b/node_modules/a": { version: "0.9.0" },
        "node_modules/c": { version: "3.0.0" },
        "node_modules/linked": { link: true },
      },
    });
    const inner = join(folder, "program");
    mkdirSync(inner);
    assert.deepEqual(programDependencies(inner, false), [
      { name: "a", version: "1.2.3" },
      { name: "@x/b", version: "2.0.0" },
    ]);
    assert.deepEqual(
      programDependencies(inner, true).map(({ name, version }) => `${name}@${version}`),
      ["a@1.2.3", "@x/b@2.0.0", "a@0.9.0", "c@3.0.0"],
    );
  });

  it("says what to do when nothing is installed", () => {
    assert.throws(() => programDependencies(folder, false), /No package-lock\.json in .* run `npm install`/);
    write("package-lock.json", { lockfileVersion: 1, dependencies: {} });
    assert.throws(() => programDependencies(folder, false), /lockfileVersion 1/);
  });
});
