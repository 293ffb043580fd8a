import type { ErrorCode, ErrorDetails, ReasonCode } from '@muster/contract';

/** Reasons that only the command line has: nothing answered, or the operator's own credentials are at fault. */
export type FailureReason = ReasonCode | 'UNREACHABLE' | 'ADMIN_EXISTS' | 'NO_CREDENTIALS';

export interface FailureDetails extends Omit<ErrorDetails, 'reason'> {
  reason: FailureReason;
  /** The id to repeat a change with, when it is not known whether it was made. */
  requestId?: string;
}

/** Every foreseen failure, from the backend or from here: a sentence, what is wrong, what to do next. */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly details: FailureDetails;

  constructor(code: ErrorCode, message: string, details: FailureDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }

  /** What was to be stopped goes on, whatever kept it from being stopped. */
  get isNotContained(): boolean {
    return this.details.severity === 'P0' || this.details.reason === 'CONTAINMENT_INCOMPLETE';
  }
}

export const badUsage = (message: string, next: string): Failure =>
  new Failure('INVALID_ARGUMENT', message, { reason: 'BAD_INPUT', next });

export const notSignedIn = (message: string, next: string): Failure =>
  new Failure('UNAUTHENTICATED', message, { reason: 'NO_TOKEN', next });

/** Cloud Functions refuses a token before Muster sees it, with one word that says neither why nor what to do. */
export const tokenRefused = (): Failure =>
  new Failure('UNAUTHENTICATED', 'The token was refused: it has expired, its session was ended, or it is no token.', {
    reason: 'BAD_TOKEN',
    next: 'Sign in again: muster login. A token in MUSTER_ID_TOKEN is valid for an hour at most.',
  });

/** What was thrown, as a failure; anything unforeseen keeps its own words, because nobody else will see them. */
export const asFailure = (error: unknown): Failure =>
  error instanceof Failure
    ? error
    : new Failure(
        'INTERNAL',
        `Something unexpected happened: ${error instanceof Error ? error.message : String(error)}`,
        { reason: 'UNEXPECTED', next: 'Set MUSTER_DEBUG=1 and run it again to see where.' },
        { cause: error },
      );
