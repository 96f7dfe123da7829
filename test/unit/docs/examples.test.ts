import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { stackFileValues } from "../../../cli/stackConfiguration";
import { loadProject } from "../../../config/loading";
import { Fence, pages } from "./pages";

const PREFIX = "secrets-platform:";

const examples = pages()
  .flatMap((page) => page.fences)
  .filter(({ language }) => language === "yaml");

/** The file that an example shows: its first line is a comment that names it. */
function titleOf({ text }: Fence): string | undefined {
  return /^# (\S+)\n/.exec(text)?.[1];
}

/** Values of a project whose stack `dev` owns the cluster of no other environment. */
const VALUES = stackFileValues("dev");

/** Loads a project of one file, as an update does. */
function load(file: string, text: string, stack: string, values: Record<string, unknown>) {
  const folder = mkdtempSync(join(tmpdir(), "documentation-"));
  try {
    mkdirSync(join(folder, "apps"));
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    return loadProject({ stack, values, folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the examples of the documentation", () => {
  for (const example of examples) {
    const { file, line, text } = example;
    const title = titleOf(example);
    const stack = /^Pulumi\.(\w+)\.yaml$/.exec(title ?? "")?.[1];

    if (stack !== undefined) {
      it(`${file}:${line}: ${title ?? ""} is a stack's configuration without a mistake`, () => {
        const { config } = parse(text) as { config: Record<string, unknown> };
        const own = Object.entries(config).map(([key, value]): [string, unknown] => {
          assert.ok(key.startsWith(PREFIX), key);
          return [key.slice(PREFIX.length), value];
        });
        const values = { environments: VALUES["environments"], ...Object.fromEntries(own) };
        assert.equal(load(title ?? "", text, stack, values).configuration.environment, stack);
      });
    } else if (title?.startsWith("apps/")) {
      it(`${file}:${line}: ${title} is an application without a mistake`, () => {
        const { applications } = load(title, text, "dev", VALUES);
        assert.deepEqual(
          applications.map(({ name }) => `apps/${name}.yaml`),
          [title],
        );
      });
    } else if (title?.startsWith(".github/")) {
      it(`${file}:${line}: ${title} is a workflow`, () => {
        assert.ok("jobs" in (parse(text) as object));
      });
    } else {
      it(`${file}:${line}: is a manifest of Kubernetes, or says which file it is`, () => {
        const { apiVersion, kind } = parse(text) as Record<string, unknown>;
        assert.ok(
          apiVersion !== undefined && kind !== undefined,
          "write the file's name as its first comment",
        );
      });
    }
  }
});
