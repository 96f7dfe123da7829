import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";
import { Page, pages } from "./pages";

const all = pages();

/** What begins a path in the project: its folders and files. */
const roots = new Set(readdirSync(PROJECT_FOLDER));

interface Mention {
  /** Page and line. */
  place: string;
  text: string;
}

function mentions(page: Page, pattern: RegExp): Mention[] {
  return page.prose.flatMap((line, index) =>
    [...line.matchAll(pattern)].map(([, text = ""]) => ({ place: `${page.file}:${index + 1}`, text })),
  );
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchors(page: Page): Set<string> {
  const headings = page.prose.flatMap((line) => /^#+ (.*)$/.exec(line)?.[1] ?? []);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .trim()
        .replace(/\s/g, "-"),
    ),
  );
}

function mistakeInLink(page: Page, link: string): string | undefined {
  const [path = "", anchor] = link.split("#", 2);
  const target = path === "" ? page.file : posix.normalize(posix.join(posix.dirname(page.file), path));
  if (!existsSync(join(PROJECT_FOLDER, target))) return `there is no ${target}`;
  if (anchor === undefined) return undefined;
  const linked = all.find(({ file }) => file === target);
  return linked && anchors(linked).has(anchor) ? undefined : `${target} has no heading #${anchor}`;
}

/** A path in the project; `*` and `<name>` stand for parts of it. */
function isThere(path: string): boolean {
  const [fixed = ""] = path.split(/[*<]/, 1);
  return existsSync(join(PROJECT_FOLDER, fixed === path ? path : dirname(`${fixed}x`)));
}

describe("what the documentation points at", () => {
  for (const page of all) {
    it(`${page.file}: every link leads somewhere`, () => {
      const links = mentions(page, /\]\(([^)\s]+)\)/g).filter(({ text }) => !/^https:\/\//.test(text));
      const wrong = links.flatMap(({ place, text }) => {
        const mistake = mistakeInLink(page, text);
        return mistake === undefined ? [] : [`${place}: ${mistake}`];
      });
      assert.deepEqual(wrong, []);
    });

    it(`${page.file}: every path is there`, () => {
      const paths = mentions(page, /`([\w.@*<>-]+(?:\/[\w.@*<>-]*)+)`/g).filter(({ text }) =>
        roots.has(text.split("/", 1)[0] ?? ""),
      );
      const wrong = paths.filter(({ text }) => !isThere(text));
      assert.deepEqual(
        wrong.map(({ place, text }) => `${place}: there is no ${text}`),
        [],
      );
    });
  }

  it("README.md links every page", () => {
    const text = readFileSync(join(PROJECT_FOLDER, "README.md"), "utf8");
    const missing = all.filter(({ file }) => file !== "README.md" && !text.includes(`](${file})`));
    assert.deepEqual(
      missing.map(({ file }) => file),
      [],
    );
  });
});
