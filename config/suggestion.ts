/**
 * The known name that a mistyped one most likely stands for.
 *
 * @returns undefined when none is close: more than a third of its letters, and more than two, would have to change
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let smallest = Infinity;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    const tolerated = Math.max(2, Math.floor(candidate.length / 3));
    // A word of two letters is two changes away from every other one.
    if (distance < smallest && distance <= tolerated && distance < candidate.length) {
      nearest = candidate;
      smallest = distance;
    }
  }
  return nearest;
}

/** Names longer than this are compared by their beginning: mistyped names are short. */
const COMPARED_CHARACTERS = 64;

/** Letters to insert, delete, replace or swap with their neighbour to get from one text to the other. */
function editDistance(from: string, to: string): number {
  const a = from.slice(0, COMPARED_CHARACTERS);
  const b = to.slice(0, COMPARED_CHARACTERS);
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const cell = (row: number, column: number): number => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= a.length; row++) {
    rows.push([row]);
    for (let column = 1; column <= b.length; column++) {
      const replaced = cell(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swaps = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swapped = swaps ? cell(row - 2, column - 2) + 1 : Infinity;
      rows[row]?.push(Math.min(replaced, swapped, cell(row - 1, column) + 1, cell(row, column - 1) + 1));
    }
  }
  return cell(a.length, b.length);
}
