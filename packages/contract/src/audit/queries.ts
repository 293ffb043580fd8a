/** Asking again and again: queries that are kept, and counts over time. */
import * as z from 'zod';
import { actionPrefix, auditFilters, checkTogether, equalFilters } from './entry';
import * as v from '../values';

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
