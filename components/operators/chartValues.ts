/** Chart values: a tree of plain data. */
export type ChartValues = Record<string, unknown>;

/** `changes` over `values`: objects are merged, everything else, lists too, is replaced. */
export function mergeValues(values: ChartValues, changes: ChartValues): ChartValues {
  const merged: ChartValues = { ...values };
  for (const [key, change] of Object.entries(changes)) {
    const value = merged[key];
    merged[key] = isTree(value) && isTree(change) ? mergeValues(value, change) : change;
  }
  return merged;
}

function isTree(value: unknown): value is ChartValues {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
