import assert from "node:assert/strict";
import { run } from "../../../local/process/run";
import { writeExampleSecrets } from "../../../local/stack/exampleSecrets";
import { Fence, pages } from "../../unit/docs/pages";
import { missingLines } from "../../unit/docs/promisedOutput";
import { shellCommands } from "../../unit/docs/shellCommands";
import { PUBLISHED_PROGRAMS } from "../../unit/docs/projectCommands";
import { Embedded } from "../support/embedded";
import { ProjectShell } from "./projectShell";
import { publishedMistake } from "./publishedCommands";

const fences = pages().flatMap((page) => page.fences);

/** Every call of a program that others publish, once. */
const calls = new Map(
  fences
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => shellCommands(text))
    .map(({ words }) => (words[0] === "npm" && words[2] === "local:exec" ? words.slice(4) : words))
    .filter(([program = ""]) => PUBLISHED_PROGRAMS.has(program))
    .map((words) => [words.join(" "), words]),
);

/** Blocks that are run, each with what it promises to print. */
const blocks = fences.flatMap((fence, index): { fence: Fence; promised: string | undefined }[] => {
  if (fence.mark !== "run-in-platform") return [];
  const next = fences[index + 1];
  return [{ fence, promised: next?.mark === "output" ? next.text : undefined }];
});

describe("the programs that the documentation calls", function () {
  this.timeout(60_000);

  for (const [call, words] of calls) {
    it(`know the flags of: ${call}`, async () => {
      assert.equal(await publishedMistake(words), undefined);
    });
  }
});

/** In the order of the pages, on one cluster: what a block changes, the next one finds. */
describe("the commands of the documentation", function () {
  this.timeout(450_000);

  let project: ProjectShell;
  let destroyed = false;

  before(async () => {
    project = new ProjectShell(await Embedded.connect());
    await writeExampleSecrets(([program = "", ...words], { input }) => run(program, words, { input }));
    const { code, output } = await project.run("pulumi stack init dev && pulumi up --skip-preview");
    assert.equal(code, 0, output);
  });

  after(async () => {
    const { code, output } = await project.run(
      `${destroyed ? "" : "pulumi destroy --skip-preview && "}pulumi stack rm dev`,
    );
    assert.equal(code, 0, output);
  });

  it("are there", () => {
    assert.ok(blocks.length >= 10, `only ${blocks.length} blocks are run`);
  });

  for (const { fence, promised } of blocks) {
    it(`${fence.file}:${fence.line}: ${fence.text.split("\n", 1).join("")}`, async () => {
      const { code, output } = await project.run(fence.text);
      assert.equal(code, 0, output);
      if (promised !== undefined) assert.deepEqual(missingLines(promised, output), [], output);
      if (fence.text.includes("pulumi destroy")) destroyed = true;
    });
  }
});
