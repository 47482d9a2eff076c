// Nothing here runs: it must compile, and each line after @ts-expect-error must not.
import { DecodeError, type ErrorCode, type FlaskSessionError } from "../../src/errors.ts";

export function told(error: FlaskSessionError): string {
  if (error instanceof DecodeError) return `${error.code} at ${error.offset}`;
  return error.code;
}

export const known: ErrorCode = "ERR_DECODE";
// @ts-expect-error a code is one of a closed list
export const unknown: ErrorCode = "ERR_NOBODY";
