import assert from "node:assert/strict";
import { mistakeInCommand, mistakeInScriptName } from "./projectCommands";
import { Page, pages } from "./pages";
import { shellCommands } from "./shellCommands";

/** What a shell block may be marked with. */
const MARKS = new Set(["", "run-in-platform"]);

const all = pages();
const fences = all.flatMap((page) => page.fences);

/** Calls of npm within the text, each with its place. */
function inlineCalls({ file, prose }: Page): { place: string; call: string }[] {
  return prose.flatMap((line, index) =>
    [...line.matchAll(/`(npm [^`]+)`/g)].map(([, call = ""]) => ({ place: `${file}:${index + 1}`, call })),
  );
}

/** A call in the text may leave out what is not its subject: flags as a whole, and with `...` the rest of them. */
function mistakeInline(call: string): string | undefined {
  const words = shellCommands(call.replace(/ \.\.\.$/, "")).flatMap((command) => command.words);
  return words.includes("--") ? mistakeInCommand(words) : mistakeInScriptName(words);
}

describe("the commands of the documentation", function () {
  this.timeout(120_000);

  it("stand in blocks that are called sh, marked with what is known; every other block says what it is", () => {
    const wrong = fences.filter(({ language, mark }) =>
      language === "sh" ? !MARKS.has(mark) : ["", "bash", "shell", "console", "zsh"].includes(language),
    );
    assert.deepEqual(
      wrong.map(({ file, line, language, mark }) => `${file}:${line}: ${language} ${mark}`),
      [],
    );
  });

  it("promise output only where they are run", () => {
    const lost = fences.filter(
      (fence, index) =>
        fence.mark === "output" &&
        (fences[index - 1]?.mark !== "run-in-platform" || fences[index - 1]?.file !== fence.file),
    );
    assert.deepEqual(
      lost.map(({ file, line }) => `${file}:${line}`),
      [],
    );
  });

  for (const { file, line, text } of fences.filter(({ language }) => language === "sh")) {
    for (const command of shellCommands(text)) {
      it(`${file}:${line + command.line - 1}: ${command.words.join(" ")}`, () => {
        assert.equal(mistakeInCommand(command.words), undefined);
      });
    }
  }

  it("are called as they are within the text too", () => {
    const wrong = all.flatMap(inlineCalls).flatMap(({ place, call }) => {
      const mistake = mistakeInline(call);
      return mistake === undefined ? [] : [`${place}: ${call}: ${mistake}`];
    });
    assert.deepEqual(wrong, []);
  });
});
