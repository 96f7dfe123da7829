/**
 * Seconds as Go prints a duration, such as `1m0s`. Operators rewrite every other form and own the field from
 * then on, so that Pulumi's next change of it would end in a conflict.
 * @param seconds whole and positive
 */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
