/** The message of whatever was thrown; of something that was aborted, why. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.name === "AbortError" && error.cause instanceof Error ? error.cause.message : error.message;
}
