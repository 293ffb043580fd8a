/** Every combination of filters that the audit offers, as the query that would be sent; nothing is sent. */
import { Firestore } from '@google-cloud/firestore';
import { queryAudit } from '@muster/contract/audit/entry';
import { entriesQuery } from '../../src/features/audit/for-others/audit-reader';
import { toCursor } from '../../src/platform/operations/cursor';
import { toQuery } from '@muster/core/storage/firestore-source';
import { AUDIT_FILTERS, auditCombinationsOf, combinationsOf } from './exercise';
import { declaredIndexes } from './index-file';
import { shapeOf, type QueryShape, type StructuredQuery } from './query-shape';
import { servedBy } from './served';

const firestore = new Firestore({ projectId: 'demo-shapes' });
const places = { from: '2026-03-31T09:00:00Z', cursor: toCursor(new Date('2026-03-31T09:00:00Z'), 'aud_none') };

const shapeAsked = (asked: object): QueryShape => {
  const query = toQuery(firestore, entriesQuery(queryAudit.request.parse(asked)));
  return shapeOf((query as unknown as { toProto(): { structuredQuery: StructuredQuery } }).toProto().structuredQuery);
};

test('each of 6,144 is served by declared indexes, with a range and a place to go on from, or without', () => {
  const all = auditCombinationsOf(AUDIT_FILTERS);
  expect(all).toHaveLength(3 * 2 ** 11);
  const file = declaredIndexes();
  const unserved = all.filter((asked) =>
    [asked, { ...asked, ...places }].some((one) => !servedBy(shapeAsked(one), file)),
  );
  expect(unserved).toEqual([]);
});

test('each filter is asked for in a field of its own', () => {
  const whole = shapeAsked(Object.fromEntries(Object.entries(AUDIT_FILTERS).filter(([name]) => name !== 'text')));
  expect(whole.equal).toHaveLength(11);
  expect(whole.contains).toEqual(['actionPrefixes']);
  expect(shapeAsked({ text: 'Word' }).contains).toEqual(['words']);
});

test('no index of the audit that a single filter needs can be left out', () => {
  const file = declaredIndexes();
  const used = file.indexes.filter(({ collectionGroup, fields }) => {
    const last = fields.at(-1);
    return (
      collectionGroup === 'muster_audit' &&
      last &&
      'order' in last &&
      last.fieldPath === 'at' &&
      last.order === 'DESCENDING'
    );
  });
  expect(used).toHaveLength(Object.keys(AUDIT_FILTERS).length);
});

test('two questions about a list are refused, by the name of the field and with what to ask instead', () => {
  const both = queryAudit.request.safeParse({ text: 'word', actionPrefix: 'studio_ops' });
  expect(both.error?.issues).toMatchObject([{ path: ['text'], message: expect.stringContaining('"action"') }]);
  expect(queryAudit.request.safeParse({ text: 'word', actionPrefix: '' }).success).toBe(true);
  expect(combinationsOf(AUDIT_FILTERS).filter((asked) => !queryAudit.request.safeParse(asked).success)).toHaveLength(
    2048,
  );
});
