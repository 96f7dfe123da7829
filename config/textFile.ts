import { readFileSync } from "node:fs";

/** A file's text. @throws Error of the system, or one without a code where it is not in UTF-8 */
export function readTextFile(path: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
}

/** Why a file cannot be read: the code of the system's error, such as ENOENT. */
export function fileFailure(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
