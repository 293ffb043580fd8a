/** The audit log: what an entry is, and how it is asked for. */
import * as z from 'zod';
import { isWord, LONGEST_WORD, SHORTEST_WORD } from './words';
import * as v from '../values';

/** Dotted and lower-case: `studio_ops.drill_event`. At most 80 characters, because each prefix of it is indexed. */
export const auditAction = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/u)
  .max(80);

/** The first words of Muster's own actions: what is counted by itself, and what no product may write. */
export const MUSTER_WORDS = [
  ...['audit_log', 'audit_query', 'capability', 'chaos', 'connectors', 'drills', 'incidents', 'jobs', 'posture'],
  ...['sessions', 'staff', 'studio_ops'],
] as const;

/** `drills` of `drills.started`. */
export const firstWordOf = (action: string): string => action.split('.', 1)[0] ?? '';

export const auditOutcome = z.enum(['success', 'failed', 'refused']);
export type AuditOutcome = z.infer<typeof auditOutcome>;

/** `staff` and `member` are signed-in people, `system` a schedule, `operator` someone with the project's own credentials. */
export const auditActorType = z.enum(['staff', 'member', 'system', 'operator']);
export type AuditActorType = z.infer<typeof auditActorType>;

export const auditRow = z.strictObject({
  id: v.auditEntryId,
  at: v.instant,
  actorType: auditActorType,
  actorId: z.string(),
  action: auditAction,
  rationale: z.string().nullable(),
  target: z.string(),
  outcome: auditOutcome,
  severity: v.severity.nullable(),
  drillId: z.string().nullable(),
  incidentId: z.string().nullable(),
  /** Of the request, or of a job's run: Muster's own. In entries of 0.1.0 the caller's, where one was sent. */
  correlationId: z.string(),
  /** What the caller sent as `x-request-id`. */
  callerRequestId: z.string().nullable(),
  /** The address that the request came from, as Google's front end saw it; null for schedules. */
  ip: z.string().nullable(),
  /** Of the sign-in: `ses_…`. */
  sessionId: z.string().nullable(),
  exercise: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  /** Its place in the log; null while it is not sealed yet. */
  leafIndex: z.int().min(0).nullable(),
});
export type AuditRow = z.infer<typeof auditRow>;

/** Filters by which a field of an entry is what was asked for; any number of them together. */
export const equalFilters = {
  action: auditAction.optional(),
  actorId: v.text(128).optional(),
  target: v.text(300).optional(),
  outcome: auditOutcome.optional(),
  correlationId: v.text(128).optional(),
  callerRequestId: v.text(128).optional(),
  severity: v.severity.optional(),
  /** Where the request came from, written as entries have it: one IPv4 or IPv6 address. */
  ip: z
    .string()
    .max(45)
    .refine((text) => address.safeParse(text).success, 'an IPv4 or IPv6 address')
    .optional(),
  sessionId: v.sessionId.optional(),
  drillId: v.drillId.optional(),
  incidentId: v.incidentId.optional(),
};
const address = z.union([z.ipv4(), z.ipv6()]);

/**
 * Muster's own ids, of requests and of jobs' runs: no caller can send the latter. Who asks for any other by `correlationId` means
 * the id that a caller sent, and need not know which of the two it is.
 */
export const isOwnCorrelation = (id: string): boolean => id.includes('@') || /^req_[a-z0-9]{20,32}$/u.test(id);

export const timeRange = { from: v.instant.optional(), to: v.instant.optional() };

export const actionPrefix = z
  .string()
  .max(80)
  .regex(/^[a-z0-9_.]*$/u, 'lower-case letters, digits, "_" and "."');

/** All that entries can be asked for. */
export const auditFilters = {
  actionPrefix: actionPrefix.optional(),
  /** One word of the rationale, or what it begins with; case makes no difference. */
  text: z
    .string()
    .min(SHORTEST_WORD)
    .max(LONGEST_WORD)
    .refine(isWord, `one word, or its beginning: ${SHORTEST_WORD} to ${LONGEST_WORD} letters or digits`)
    .optional(),
  ...equalFilters,
  ...timeRange,
};

/** What is wrong with filters that are right each by itself. */
export const checkTogether = (input: Together, context: z.RefinementCtx): void => {
  const fail = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  // Firestore answers one question about a list in a query.
  if (input.text && input.actionPrefix)
    fail('text', 'not together with "actionPrefix": ask for the whole "action" instead');
  if (input.from && input.to && Date.parse(input.from) >= Date.parse(input.to)) fail('to', 'a time after "from"');
};
type Together = Partial<Record<'actionPrefix' | 'text' | 'from' | 'to', string | undefined>>;

export const queryAudit = {
  request: z.strictObject({ ...auditFilters, limit: v.limit, cursor: v.cursor.optional() }).superRefine(checkTogether),
  response: z.strictObject({ entries: z.array(auditRow), nextCursor: v.cursor.nullable() }),
};
