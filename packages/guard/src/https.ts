/** Refusals of the guard as callable functions send them. For products whose functions are Firebase's; loaded by nobody else. */
import { HttpsError } from 'firebase-functions/v2/https';
import { ERROR_TABLE, type ErrorCode, type ErrorDetails } from '@muster/contract/errors';

/**
 * What a callable function throws, so that its client is told what the guard refused: the status of the refusal, its sentence, and
 * as `details` its `code`, `reason`, `next` and `correlationId`. Everything else is given back as it is, to be thrown: an `HttpsError`
 * of the product's own travels as the product meant it, and an error that nobody expected is logged and told as `internal`.
 *
 * `guard.run(…).catch((error) => { throw toHttpsError(error); })`
 */
export const toHttpsError = (error: unknown): unknown => {
  if (!isRefusal(error)) return error;
  const { code, message, details } = error;
  return new HttpsError(ERROR_TABLE[code].callable, message, { code, ...details });
};

interface Refusal extends Error {
  code: ErrorCode;
  details: ErrorDetails;
}

/** By what it says, not by its class: this file is a module of its own in the package, and has another class of that name. */
const isRefusal = (error: unknown): error is Refusal =>
  error instanceof Error &&
  error.name === 'MusterError' &&
  'code' in error &&
  Object.hasOwn(ERROR_TABLE, String(error.code)) &&
  'details' in error;
