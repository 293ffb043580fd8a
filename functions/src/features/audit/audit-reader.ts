import type * as z from 'zod';
import type { AuditRow, queryAudit } from '../../contract/audit';
import type { BoundedQuery, Filter } from '../../../../guard/src/documents';
import { fromCursor, toCursor } from '../../platform/cursor';
import { collections } from '../../../../guard/src/paths';
import type { Work } from '../../../../guard/src/work';
import { auditEntry, toAuditRow, type AuditEntry } from '../../../../guard/src/audit-entry';

type Asked = Omit<z.output<typeof queryAudit.request>, 'limit'> & { limit: number };

/**
 * A page of entries, newest first. Reads at most `limit` + 1 documents: one more than asked, to know whether
 * there is a next page. Each filter is an equality on a field that a declared index carries together with
 * `at`; Firestore merges these indexes for any combination (docs/adr/0004).
 */
export const findEntries = async (
  work: Pick<Work, 'find'>,
  asked: Asked,
): Promise<{ entries: AuditRow[]; nextCursor: string | null }> => {
  const found = await work.find(entriesQuery(asked));
  const page = found.slice(0, asked.limit);
  const last = page.at(-1);
  return {
    entries: page.map(toAuditRow),
    nextCursor: found.length > asked.limit && last ? toCursor(last.data.at, last.id) : null,
  };
};

export const entriesQuery = (asked: Asked): BoundedQuery<AuditEntry> => {
  const after = asked.cursor === undefined ? undefined : fromCursor(asked.cursor);
  return {
    collection: collections.audit,
    schema: auditEntry,
    where: [
      ...(asked.actionPrefix
        ? [{ field: 'actionPrefixes', is: 'array-contains' as const, value: asked.actionPrefix }]
        : []),
      ...equalities({
        actorId: asked.actorId,
        target: asked.target,
        outcome: asked.outcome,
        correlationId: asked.correlationId,
      }),
      ...(asked.from ? [{ field: 'at', is: '>=' as const, value: new Date(asked.from) }] : []),
      ...(asked.to ? [{ field: 'at', is: '<' as const, value: new Date(asked.to) }] : []),
    ],
    orderBy: [{ field: 'at', direction: 'desc' }],
    limit: asked.limit + 1,
    ...(after ? { after: { values: [after.at], id: after.id } } : {}),
  };
};

const equalities = (fields: Record<string, string | undefined>): Filter[] =>
  Object.entries(fields).flatMap(([field, value]) =>
    value === undefined ? [] : [{ field, is: '==' as const, value }],
  );
