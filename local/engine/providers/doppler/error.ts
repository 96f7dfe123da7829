/** A call to Doppler that failed. The message reads as that of the vendor's provider. */
export class DopplerError extends Error {
  override readonly name = "DopplerError";

  /**
   * @param reason what Doppler said, or why there was no answer
   * @param status HTTP status; undefined when there was no answer
   * @param retryAfterSeconds how long to wait before the same call is worth another try; undefined when it is not
   */
  constructor(
    reason: string,
    readonly status?: number,
    readonly retryAfterSeconds?: number,
  ) {
    super(`Doppler Error: ${reason}`);
  }
}
