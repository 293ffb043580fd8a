import type * as z from 'zod';
import { equalFilters, isOwnCorrelation, type AuditRow, type queryAudit } from '@muster/contract/audit/entry';
import { wordToFind } from '@muster/contract/audit/words';
import type { BoundedQuery, Filter } from '@muster/core/storage/documents';
import { fromCursor, toCursor } from '../../../platform/operations/cursor';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { auditEntry, toAuditRow, type AuditEntry } from '@muster/core/audit/audit-entry';

type Asked = z.output<typeof queryAudit.request>;

/** What every declared index of the audit ends with. */
export const NEWEST_FIRST: BoundedQuery<unknown>['orderBy'] = [{ field: 'at', direction: 'desc' }];

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
      ...(asked.actionPrefix ? [contains('actionPrefixes', asked.actionPrefix)] : []),
      ...(asked.text ? [contains('words', wordToFind(asked.text))] : []),
      ...equalities(asked),
      ...within(asked),
    ],
    orderBy: NEWEST_FIRST,
    limit: asked.limit + 1,
    ...(after ? { after: { values: [after.at], id: after.id } } : {}),
  };
};

const EQUAL_FIELDS = Object.keys(equalFilters) as (keyof typeof equalFilters)[];

/** Each field that an entry is asked to have a value in. */
export const equalities = (asked: Pick<Asked, keyof typeof equalFilters>): Filter[] =>
  EQUAL_FIELDS.flatMap((field) => {
    const value = asked[field];
    if (value === undefined) return [];
    const asStored = field === 'correlationId' && !isOwnCorrelation(value) ? 'callerRequestId' : field;
    return [{ field: asStored, is: '==', value: field === 'ip' ? value.toLowerCase() : value }];
  });

export const contains = (field: 'actionPrefixes' | 'words', value: string): Filter => ({
  field,
  is: 'array-contains',
  value,
});

/** From a time on, and before another. */
export const within = ({ from, to }: Pick<Asked, 'from' | 'to'>): Filter[] => [
  ...(from ? [{ field: 'at', is: '>=' as const, value: new Date(from) }] : []),
  ...(to ? [{ field: 'at', is: '<' as const, value: new Date(to) }] : []),
];
