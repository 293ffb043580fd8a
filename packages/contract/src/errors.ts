/**
 * Everything that Muster can refuse with, and how each refusal travels.
 *
 * The HTTP API answers 401 also to a principal that is known but not entitled: its existing clients tell
 * "sign in again" from "ask for a role" by the message, not by the status.
 */
export const ERROR_TABLE = {
  INVALID_ARGUMENT: { callable: 'invalid-argument', http: 400 },
  UNAUTHENTICATED: { callable: 'unauthenticated', http: 401 },
  PERMISSION_DENIED: { callable: 'permission-denied', http: 401 },
  NOT_DELEGATED: { callable: 'permission-denied', http: 403 },
  NOT_FOUND: { callable: 'not-found', http: 404 },
  CONFLICT: { callable: 'failed-precondition', http: 409 },
  RESTRICTED: { callable: 'failed-precondition', http: 409 },
  RATE_LIMITED: { callable: 'resource-exhausted', http: 429 },
  CONTENTION: { callable: 'aborted', http: 409 },
  PAYLOAD_TOO_LARGE: { callable: 'invalid-argument', http: 413 },
  UNAVAILABLE: { callable: 'unavailable', http: 503 },
  INTERNAL: { callable: 'internal', http: 500 },
} as const;

/** The closed set of error codes. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** Why the guard refuses: exactly one of these. Such refusals are counted and stand in the audit. */
export const GUARD_REASONS = [
  'BLOCKED_BY_KILL_SWITCH',
  'DEGRADED_MODE',
  'DELEGATION_MISSING',
  'DELEGATION_ACTOR_MISMATCH',
  'DELEGATION_REVOKED',
  'DELEGATION_EXPIRED',
  'OWNER_GONE',
  'SCOPE_MISMATCH',
  'SESSION_REVOKED',
  'POLICY_UNAVAILABLE',
] as const;
export type GuardReason = (typeof GUARD_REASONS)[number];

/** Why chaos is refused, by the backend or by a runner itself. Such refusals are counted and stand in the audit too. */
export const CHAOS_REASONS = [
  'ENVIRONMENT_IS_PRODUCTION',
  'CHAOS_MODE_NOT_SET',
  'NODE_ENV_IS_PRODUCTION',
  'CHAOS_STOPPED',
] as const;

/** Why Firebase Auth refuses an account whose token is good, when a round of reads has begun (`SESSION_REVOKED` is the guard's too). */
export const ACCOUNT_REASONS = ['BAD_TOKEN', 'USER_DISABLED', 'USER_DELETED'] as const;

/** Whoever tried what they have no role for; `ROLE_NOT_GRANTED`: their token carries one that Muster did not grant. */
export const ROLE_REASONS = ['ROLE_MISSING', 'ROLE_NOT_GRANTED'] as const;

/** Every reason that is counted. */
export const RECORDED_REASONS = [...GUARD_REASONS, ...ACCOUNT_REASONS, ...CHAOS_REASONS, ...ROLE_REASONS] as const;
export type RecordedReason = (typeof RECORDED_REASONS)[number];

/** Why exactly, for programs; the sentence beside it is for people. */
export const REASON_CODES = [
  ...GUARD_REASONS,
  'BAD_INPUT',
  'NO_TOKEN',
  ...ACCOUNT_REASONS,
  'NO_APP_CHECK',
  'BAD_APP_CHECK',
  ...ROLE_REASONS,
  'ANONYMOUS_ACCOUNT',
  'FORMER_RELEASE_STANDS',
  'UNKNOWN_DRILL',
  'UNKNOWN_INCIDENT',
  'UNKNOWN_SCENARIO',
  'UNKNOWN_EVENT',
  'UNKNOWN_USER',
  'UNKNOWN_ROUTE',
  'UNKNOWN_DELEGATION',
  'UNKNOWN_EXEMPTION',
  'UNKNOWN_PROPOSAL',
  'UNKNOWN_CONNECTOR',
  'UNKNOWN_WRITE',
  'UNKNOWN_EXPERIMENT',
  'UNKNOWN_ENTRY',
  'UNKNOWN_DOCUMENT',
  'LOG_DAMAGED',
  ...CHAOS_REASONS,
  'NOT_YOURS',
  'NOTHING_RESTRICTED',
  'SECOND_PERSON_NEEDED',
  'IDENTITY_NOT_ALLOWED',
  'CONTAINMENT_INCOMPLETE',
  'TOO_MANY',
  'RATE_LIMITED',
  'WRONG_STATE',
  'WRONG_ORDER',
  'ALREADY_RECORDED',
  'LAST_ADMIN',
  'REQUEST_ID_REUSED',
  'TOO_LARGE',
  'OUTRUN',
  'STORE_UNAVAILABLE',
  'STORE_REFUSED',
  'AUTH_NOT_UPDATED',
  'FUNCTION_UNREACHABLE',
  'UNEXPECTED',
] as const;

export type ReasonCode = (typeof REASON_CODES)[number];

/** One wrong field of an input: its path as the caller wrote it (`roles.securityLead`) and what it should be. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/** `details` of every error: the reason, the fields that are wrong, the state that refused, and what to do next. */
export interface ErrorDetails {
  reason: ReasonCode;
  next?: string;
  fields?: FieldProblem[];
  state?: string;
  /** The capability that was refused. */
  capability?: string;
  /** The activation of the restriction that refused, as the ledger lists it. */
  activation?: string;
  /** When the same call may be let in, where that is known. */
  tryAgainAt?: string;
  /** How bad it is that this failed, where that is known. */
  severity?: 'P0';
  /** What to do by hand, in this order, where the next step is more than one. */
  steps?: string[];
  correlationId?: string;
}
