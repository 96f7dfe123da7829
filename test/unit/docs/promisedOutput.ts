/**
 * Lines that were promised and did not come, in the order in which they were promised. White space is not compared;
 * `…` in a promised line stands for anything.
 */
export function missingLines(promised: string, output: string): string[] {
  const printed = output.split("\n").map(withoutSpace);
  let next = 0;
  return promised.split("\n").filter((line) => {
    const pattern = patternOf(withoutSpace(line));
    const found = printed.findIndex((candidate, index) => index >= next && pattern.test(candidate));
    if (found >= 0) next = found + 1;
    return found < 0;
  });
}

function patternOf(line: string): RegExp {
  const parts = line.split(/ ?… ?/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

function withoutSpace(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}
