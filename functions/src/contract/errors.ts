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
  NOT_FOUND: { callable: 'not-found', http: 404 },
  CONFLICT: { callable: 'failed-precondition', http: 409 },
  RESTRICTED: { callable: 'failed-precondition', http: 409 },
  CONTENTION: { callable: 'aborted', http: 409 },
  PAYLOAD_TOO_LARGE: { callable: 'invalid-argument', http: 413 },
  UNAVAILABLE: { callable: 'unavailable', http: 503 },
  INTERNAL: { callable: 'internal', http: 500 },
} as const;

/** The closed set of error codes. */
export type ErrorCode = keyof typeof ERROR_TABLE;

/** Why exactly, for programs; the sentence beside it is for people. */
export const REASON_CODES = [
  'BAD_INPUT',
  'NO_TOKEN',
  'BAD_TOKEN',
  'SESSION_REVOKED',
  'USER_DISABLED',
  'ROLE_MISSING',
  'UNKNOWN_DRILL',
  'UNKNOWN_SCENARIO',
  'UNKNOWN_EVENT',
  'UNKNOWN_USER',
  'UNKNOWN_ROUTE',
  'WRONG_STATE',
  'WRONG_ORDER',
  'ALREADY_RECORDED',
  'LAST_ADMIN',
  'REQUEST_ID_REUSED',
  'TOO_LARGE',
  'DEGRADED_MODE',
  'POLICY_UNAVAILABLE',
  'OUTRUN',
  'STORE_UNAVAILABLE',
  'STORE_REFUSED',
  'AUTH_NOT_UPDATED',
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
  correlationId?: string;
}
