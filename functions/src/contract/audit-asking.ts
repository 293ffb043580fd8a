/** Asking again and again: queries that are kept, and counts over time. And entries that a product writes itself. */
import * as z from 'zod';
import { isPlainJson } from './actions';
import { actionPrefix, auditAction, auditFilters, auditOutcome, checkTogether, equalFilters } from './audit';
import * as v from './values';

/** So many queries are kept, for the whole team. */
export const MOST_SAVED_QUERIES = 100;

/** What is kept of a query: its filters, without a place in its answer. */
export const savedFilters = z
  .strictObject(auditFilters)
  .superRefine(checkTogether)
  .refine((filters) => Object.values(filters).some((value) => value !== undefined), 'at least one filter');

export const savedQuery = z.strictObject({
  id: v.savedQueryId,
  name: z.string(),
  query: savedFilters,
  savedBy: z.string(),
  savedAt: v.instant,
});
export type SavedQuery = z.infer<typeof savedQuery>;

/** Under a name that is taken it replaces what was kept. */
export const saveAuditQuery = {
  request: z.strictObject({ name: v.text(60), query: savedFilters, requestId: v.requestId.optional() }),
  response: z.strictObject({ changed: z.boolean(), saved: savedQuery }),
};

export const listAuditQueries = {
  request: z.strictObject({}),
  response: z.strictObject({ queries: z.array(savedQuery) }),
};

export const deleteAuditQuery = {
  request: z.strictObject({ queryId: v.savedQueryId, requestId: v.requestId.optional() }),
  response: z.strictObject({ deleted: z.boolean() }),
};

/** The first words of Muster's own actions: what is counted by itself, and what no product may write. */
export const MUSTER_WORDS = [
  ...['audit_log', 'audit_query', 'capability', 'chaos', 'connectors', 'drills', 'incidents', 'jobs', 'posture'],
  ...['sessions', 'staff', 'studio_ops'],
] as const;

/** Each count is a question of its own to the database; more of them are refused, with how to ask for less. */
export const MOST_CELLS = 200;

/** A count goes no further: each 1,000 entries counted cost one read. */
export const COUNTED_UP_TO = 100_000;

export const statsBucket = z.enum(['hour', 'day', 'week']);
export type StatsBucket = z.infer<typeof statsBucket>;

const { action: _action, actorId: _actorId, ...statsFilters } = equalFilters;

export const auditStats = {
  request: z
    .strictObject({
      from: v.instant,
      to: v.instant,
      /** All in UTC; a week begins on Monday. */
      bucket: statsBucket,
      /** Beginnings of actions, counted one by one. Without these and `actors`: all entries, and Muster's own. */
      actions: z.array(actionPrefix.min(1)).min(1).max(10).optional(),
      actors: z.array(v.text(128)).min(1).max(10).optional(),
      ...statsFilters,
    })
    .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { path: ['to'], error: 'a time after "from"' }),
  response: z.strictObject({
    /** When each bucket begins; the first at `from`. The last ends at `to`. */
    buckets: z.array(v.instant),
    rows: z.array(
      z.strictObject({
        /** What its actions begin with; null for all. */
        action: z.string().nullable(),
        actor: z.string().nullable(),
        /** One for each bucket. */
        counts: z.array(z.int()),
        total: z.int(),
        /** Whether some count ended at 100,000 and says "at least". */
        capped: z.boolean(),
      }),
    ),
  }),
};
export type AuditStats = z.infer<typeof auditStats.response>;

/** In levels of objects and lists, and in bytes of JSON. */
const DEEPEST_METADATA = 5;
const LONGEST_METADATA = 8 * 1024;

const OF_MUSTER: ReadonlySet<string> = new Set(MUSTER_WORDS);
export const firstWordOf = (action: string): string => action.split('.', 1)[0] ?? '';

/** What belongs to a drill or an incident says so in fields of their own, so that none passes for the other (law 7). */
const isOfItself = (target: string): boolean => !/^(?:drills|incidents)(?:\/|$)/u.test(target);
const OWN_FIELDS = ['drillId', 'incidentId'];

/** The longest name of a field that the database takes, with room to spare. */
const LONGEST_NAME = 200;
const HALF_OF_A_CHARACTER = /\p{Cs}/u;
const isName = (name: string): boolean =>
  name !== '' && name.length <= LONGEST_NAME && !/^__.*__$/su.test(name) && !HALF_OF_A_CHARACTER.test(name);

/** Whether the database stores it, and as it was said: it refuses a list within a list, and some names. */
const isStorable = (value: unknown): boolean => {
  if (typeof value === 'string') return !HALF_OF_A_CHARACTER.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((inner) => !Array.isArray(inner) && isStorable(inner));
  return Object.entries(value).every(([name, inner]) => isName(name) && isStorable(inner));
};

const metadata = z
  .custom<Record<string, unknown>>(
    (value) =>
      typeof value === 'object' && !Array.isArray(value) && value !== null && isPlainJson(value, DEEPEST_METADATA),
    { error: `a JSON object, at most ${DEEPEST_METADATA} levels deep, without a key __proto__`, abort: true },
  )
  .refine((given) => new TextEncoder().encode(JSON.stringify(given)).length <= LONGEST_METADATA, {
    error: 'at most 8 KiB as JSON',
    abort: true,
  })
  .refine(isStorable, {
    error: `no list directly in a list; names of 1 to ${LONGEST_NAME} characters, not __like_this__; no half of a character`,
    abort: true,
  })
  .refine(
    (given) => OWN_FIELDS.every((name) => !Object.hasOwn(given, name)),
    `not ${OWN_FIELDS.join(' or ')}: they are fields of the request`,
  )
  .meta({ type: 'object' });

/** So many entries may a caller append within any minute. */
export const APPENDS_A_MINUTE = 60;

export const appendAudit = {
  request: z
    .strictObject({
      /** In a namespace that the deployment has declared (MUSTER_AUDIT_NAMESPACES). */
      action: auditAction.refine((action) => !OF_MUSTER.has(firstWordOf(action)), "not one of Muster's own actions"),
      target: v.text(300).refine(isOfItself, 'not drills/… or incidents/…: say drillId or incidentId'),
      rationale: v.text(1000).optional(),
      outcome: auditOutcome.default('success'),
      severity: v.severity.optional(),
      /** Marks the entry as an exercise. */
      drillId: v.drillId.optional(),
      incidentId: v.incidentId.optional(),
      metadata: metadata.default({}),
      requestId: v.requestId.optional(),
    })
    .refine(({ drillId, incidentId }) => drillId === undefined || incidentId === undefined, {
      path: ['incidentId'],
      error: 'not together with drillId: a drill is no incident',
    }),
  response: z.strictObject({ entryId: v.auditEntryId, at: v.instant }),
};
