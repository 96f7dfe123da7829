import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";
import { Page, pages } from "./pages";

const all = pages();

function page(file: string): Page {
  return all.find((candidate) => candidate.file === file) ?? assert.fail(file);
}

/** The rows of those tables of a page whose first column has this heading, each a list of cells. */
function tableRows({ prose }: Page, heading: string): string[][] {
  let isWanted = false;
  return prose.flatMap((line, index) => {
    if (!line.startsWith("|")) return [];
    const cells = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const isHeading = /^\| *-/.test(prose[index + 1] ?? "");
    if (isHeading) isWanted = cells[0] === heading;
    return isHeading || !isWanted || /^\| *-/.test(line) ? [] : [cells];
  });
}

function codeOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

function typescriptFiles(path: string): string[] {
  const absolute = join(PROJECT_FOLDER, path);
  if (statSync(absolute).isFile()) return [absolute];
  return readdirSync(absolute, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(absolute, name));
}

/** First folders of the paths that the files of a folder import, without its own. */
function importsOf(folder: string): string[] {
  const found = new Set<string>();
  for (const file of typescriptFiles(folder)) {
    for (const [, path = ""] of readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]*)"/g)) {
      found.add(relative(PROJECT_FOLDER, join(file, "..", path)).split("/", 1)[0] ?? "");
    }
  }
  found.delete(folder.replace(/\/$/, ""));
  return [...found].sort();
}

describe("what the documentation says of the code", () => {
  it("README.md: the folders import what its table says", () => {
    const rows = tableRows(page("README.md"), "folder");
    assert.ok(rows.length >= 12, "the table of folders is not there");
    const code = rows.filter(([folder]) => folder !== "`test/`" && folder !== "`apps/`");
    assert.deepEqual(
      code.map(([folder = "", , imports = ""]) => [folder, ...codeOf(imports)]),
      code.map(([folder = ""]) => [folder, ...importsOf(codeOf(folder)[0] ?? "")]),
    );
  });

  it("README.md: names every folder of the code", () => {
    const folders = readdirSync(PROJECT_FOLDER, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^\.|^(?:node_modules|bin|docs)$/.test(entry.name))
      .map(({ name }) => `\`${name}/\``);
    const named = new Set(tableRows(page("README.md"), "folder").map(([folder]) => folder));
    assert.deepEqual(
      folders.filter((folder) => !named.has(folder)),
      [],
    );
  });

  for (const file of ["docs/operations.md", "docs/vault.md"]) {
    it(`${file}: quotes messages as the code has them`, () => {
      const rows = tableRows(page(file), "what is found");
      const quoted = rows.flatMap(([found = ""]) => codeOf(found));
      assert.ok(quoted.length >= 15, "the tables of messages are not there");
      const sources = ["config", "preflight", "platform", "hooks", "clients", "provider"]
        .flatMap(typescriptFiles)
        .map((source) => readFileSync(source, "utf8"));
      const missing = quoted.filter((message) => {
        const parts = message.split("…");
        return !sources.some((source) => parts.every((part) => source.includes(part)));
      });
      assert.deepEqual(missing, []);
    });
  }

  it("docs/vault.md: shows an application's policy as the stack dev writes it", () => {
    const { resources } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "test/golden/dev.json"), "utf8")) as {
      resources: { type: string; name: string; inputs: { policy?: string } }[];
    };
    const written = resources.find(({ type, name }) => /:Policy$/.test(type) && name === "dev-billing");
    assert.ok(written?.inputs.policy, "there is no policy dev-billing");
    const shown = page("docs/vault.md").fences.filter(({ text }) => text.startsWith("# Made by "));
    assert.deepEqual(
      shown.map(({ text }) => `${text}\n`),
      [written.inputs.policy],
    );
  });

  it("every TypeScript example is from the example stack", () => {
    const stack = readFileSync(join(PROJECT_FOLDER, "examples/application/index.ts"), "utf8").split("\n");
    const examples = all.flatMap(({ fences }) => fences).filter(({ language }) => language === "ts");
    assert.ok(examples.length > 0, "there is none");
    for (const { file, line, text } of examples) {
      const invented = text.split("\n").filter((candidate) => !stack.includes(candidate));
      assert.deepEqual(invented, [], `${file}:${line}`);
    }
  });

  it("CHANGELOG.md: has the version of the package, and the sections of its form", () => {
    const { version } = JSON.parse(readFileSync(join(PROJECT_FOLDER, "package.json"), "utf8")) as {
      version: string;
    };
    const headings = page("CHANGELOG.md").prose.filter((line) => line.startsWith("## "));
    assert.match(
      headings.find((line) => line !== "## [Unreleased]") ?? "",
      /^## \[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$/,
    );
    assert.ok(
      headings.some((line) => line.startsWith(`## [${version}] - `)),
      version,
    );
    const sections = page("CHANGELOG.md").prose.filter((line) => line.startsWith("### "));
    assert.ok(sections.length > 0);
    for (const section of sections)
      assert.match(section, /^### (Added|Changed|Deprecated|Removed|Fixed|Security)$/);
  });
});
