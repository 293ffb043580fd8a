import type { Failure } from '@muster/client/failure';
import type { ErrorCode } from '@muster/contract';

/** What a script learns from the exit code. They never change their meaning; `--help` lists them. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  signedOut: 3,
  roleMissing: 4,
  notFound: 5,
  conflict: 6,
  unavailable: 7,
  deviated: 8,
  unproven: 9,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_CODE: Record<ErrorCode, ExitCode> = {
  INVALID_ARGUMENT: EXIT.usage,
  PAYLOAD_TOO_LARGE: EXIT.usage,
  UNAUTHENTICATED: EXIT.signedOut,
  PERMISSION_DENIED: EXIT.roleMissing,
  NOT_DELEGATED: EXIT.roleMissing,
  NOT_FOUND: EXIT.notFound,
  CONFLICT: EXIT.conflict,
  RESTRICTED: EXIT.conflict,
  // Others were faster again and again: as with a service that is away, the same call later may succeed.
  CONTENTION: EXIT.unavailable,
  RATE_LIMITED: EXIT.unavailable,
  UNAVAILABLE: EXIT.unavailable,
  INTERNAL: EXIT.unexpected,
};

/** What was to be stopped and goes on has one exit code, whatever kept it from being stopped. */
export const exitCodeOf = ({ code, isNotContained }: Pick<Failure, 'code' | 'isNotContained'>): ExitCode =>
  isNotContained ? EXIT.unavailable : BY_CODE[code];

/** Everything was said; only the exit code is left. */
export class AlreadyTold extends Error {
  constructor(readonly exitCode: number) {
    super(`exit code ${exitCode}`);
    this.name = 'AlreadyTold';
  }
}

export const EXIT_CODES_HELP = `Exit codes:
  0    done, also when there was nothing to change
  1    unexpected failure
  2    wrong usage or wrong input
  3    not signed in, or the token was refused
  4    signed in without the role or the delegation that this needs
  5    there is no such drill, user, delegation, connector, or whatever was named
  6    refused: wrong state, already recorded, killed, restricted by a mode, or no
       place for chaos
  7    not available now: try again later; after policy kill: NOT CONTAINED
  8    chaos: an experiment did not pass, as its journal tells
  9    audit: an export or a proof does not hold, as its first problem tells
  130  interrupted`;
