import type * as z from 'zod';
import { ERROR_TABLE, type ErrorCode, type ErrorDetails, type FieldProblem } from '@muster/contract/errors';

/** The one error that leaves an operation on purpose. Anything else is answered as INTERNAL and logged. */
export class MusterError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MusterError';
    this.code = code;
    this.details = details;
  }
}

/** Statuses of a code on each transport. */
export const statusOf = (code: ErrorCode): (typeof ERROR_TABLE)[ErrorCode] => ERROR_TABLE[code];

/** What a caller sees of an error: never a stack, a path or a query. */
export const toAnswer = (error: unknown, correlationId: string): MusterError => {
  const known =
    error instanceof MusterError
      ? error
      : new MusterError('INTERNAL', 'Something failed inside Muster. Nothing was changed that you were not told of.', {
          reason: 'UNEXPECTED',
          next: 'Try again; if it fails again, look for the correlation id in the logs.',
        });
  return new MusterError(known.code, known.message, { ...known.details, correlationId }, { cause: error });
};

/** Names each wrong field by its path; a key that should not be there is named itself. */
export const fieldProblems = (error: z.ZodError): FieldProblem[] =>
  error.issues
    .flatMap(nearestOf)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ field: [...issue.path, key].join('.'), problem: 'not a field of this request' }))
        : [{ field: issue.path.join('.') || '(body)', problem: issue.message }],
    )
    .slice(0, 20);

/** Of a request that may be made in one of several ways: what is wrong by the way that it comes nearest to. */
const nearestOf = (issue: z.core.$ZodIssue): z.core.$ZodIssue[] => {
  if (issue.code !== 'invalid_union' || issue.path.length > 0 || issue.errors.length === 0) return [issue];
  const wrong = (issues: readonly z.core.$ZodIssue[]): number =>
    issues.reduce((sum, one) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : 1), 0);
  return issue.errors.reduce((best, one) => (wrong(one) < wrong(best) ? one : best));
};

export const badInput = (fields: FieldProblem[]): MusterError =>
  new MusterError(
    'INVALID_ARGUMENT',
    `The request is not valid: ${fields.map(({ field, problem }) => `${shortened(field)}: ${problem}`).join('; ')}.`,
    { reason: 'BAD_INPUT', fields: fields.map(({ field, problem }) => ({ field: shortened(field), problem })) },
  );

/** A field's name comes from the caller; it is echoed, but not at any length. */
const shortened = (field: string): string => (field.length > 100 ? `${field.slice(0, 100)}…` : field);
