/**
 * The answers that Doppler gives when it refuses a call. Every error body has the same form,
 * `{"messages": [...], "success": false}`; clients join the messages and show them to the user.
 */

/** An answer other than success: thrown anywhere in a call, sent as Doppler's error body. */
export class DopplerError extends Error {
  /**
   * @param status HTTP status, 400 to 599.
   * @param message what the client shows.
   * @param data further fields for clients, such as `isRetryable` (terraform-provider-doppler reads it).
   */
  constructor(
    readonly status: number,
    message: string,
    readonly data?: Readonly<Record<string, unknown>>,
  ) {
    super(message);
    this.name = "DopplerError";
  }
}

/** Doppler's error body. */
export interface ErrorBody {
  messages: string[];
  success: false;
  data?: Readonly<Record<string, unknown>>;
}

/** The body for a message. */
export function errorBody(message: string, data?: Readonly<Record<string, unknown>>): ErrorBody {
  return { messages: [message], success: false, ...(data === undefined ? {} : { data }) };
}

/** No token, or one that is unknown, revoked or expired: Doppler does not tell them apart. */
export function invalidToken(): DopplerError {
  return new DopplerError(401, "Invalid Auth token");
}

/**
 * The token is good, but not for this kind of call, such as provisioning with a service token. Doppler documents
 * neither status nor wording for this.
 */
export function notPermitted(needed: string): DopplerError {
  return new DopplerError(403, `This token does not have permission to ${needed}`);
}

/** A name outside of what the token may reach. The name may or may not exist. */
export function noAccess(kind: "project" | "environment" | "config", name: string): DopplerError {
  return new DopplerError(400, `This token does not have access to requested ${kind} '${name}'`);
}

/** A project that does not exist. */
export function projectNotFound(): DopplerError {
  return new DopplerError(404, "Could not find requested project");
}

/** An environment that does not exist. */
export function environmentNotFound(): DopplerError {
  return new DopplerError(404, "Could not find requested environment");
}

/** A config that does not exist. */
export function configNotFound(name: string): DopplerError {
  return new DopplerError(404, `Could not find requested config '${name}'`);
}

/** A service token that does not exist in the config. */
export function serviceTokenNotFound(): DopplerError {
  return new DopplerError(404, "Could not find requested service token");
}

/** A request that is not well formed, or a rule of Doppler's that it breaks. */
export function badRequest(message: string): DopplerError {
  return new DopplerError(400, message);
}
