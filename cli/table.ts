import { styleText } from "node:util";

/** A cell: its text, and how it is coloured where the output is a terminal. */
export type Cell = string | { text: string; colour: "green" | "red" | "yellow" };

/** Columns two spaces apart, aligned by their longest cell; the last one is not padded. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  colours: boolean,
): string {
  const text = (cell: Cell | undefined): string => (typeof cell === "object" ? cell.text : (cell ?? ""));
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => text(row[column]).length)),
  );
  const line = (cells: readonly Cell[]): string =>
    cells
      .map((cell, column) => {
        const padded = column === header.length - 1 ? text(cell) : text(cell).padEnd(widths[column] ?? 0);
        return colours && typeof cell === "object" ? styleText(cell.colour, padded) : padded;
      })
      .join("  ")
      .trimEnd();
  return [line(header), ...rows.map(line)].join("\n");
}
